import { deregisterLoadBalancers } from '../../actions/deregister-load-balancers/action.ts';
import type { Registered } from '../../actions/deregister-load-balancers/verify.ts';
import { readTargetsControl } from '../../actions/deregister-load-balancers/verify.ts';
import { detachAutoScaling } from '../../actions/detach-auto-scaling/action.ts';
import { readMembershipControl } from '../../actions/detach-auto-scaling/verify.ts';
import { isolateNetwork } from '../../actions/isolate-network/action.ts';
import { readRemembered } from '../../actions/isolate-network/remembered.ts';
import { readNetwork } from '../../actions/isolate-network/verify.ts';
import { protect } from '../../actions/protect/action.ts';
import { observeProtections } from '../../actions/protect/verify.ts';
import type { Deps } from '../../aws/clients.ts';
import type { Reader } from '../../aws/readers/reader.ts';
import type { Before, Instance } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import { profileOf } from '../../case/case.ts';
import type { IsolationProfile } from '../../case/isolation-profile.ts';
import type { StepEntry } from '../../case/step.ts';
import type { Tags } from '../../record/trail/tags.ts';
import type { Reading } from './read-controls.ts';
import { readSnapshotsControl } from './snapshots.ts';
import { readTrailControl } from './trail.ts';

/** What is read beside the controls, for the undo. */
export interface Seen {
  instance?: Instance;
  registered?: Registered;
  tags?: Tags;
}

interface ReadSubject {
  readonly case: Case;
  readonly before: Before;
  readonly steps?: readonly StepEntry[];
}

type ReadingDeps = Deps & { readonly reader: Reader };

/** Interfaces, their groups, and the attributes that protect: what the instance itself shows. */
const readingOfInstance = (
  deps: ReadingDeps,
  { case: theCase, before, steps }: ReadSubject,
  profile: IsolationProfile,
  seen: Seen,
): Reading => ({
  controls: [...isolateNetwork.controls, ...protect.controls],
  begunAt: deps.reader.ec2.begunAt,
  read: async () => {
    const { ec2 } = deps.reader;
    const [now, remembered] = await Promise.all([
      ec2.instance(theCase.instanceId, theCase.region),
      readRemembered(ec2, before, profile, steps),
    ]);
    seen.instance = now;
    const network = await readNetwork(deps, ec2, now, profile, remembered);
    return [...network, ...observeProtections(now)];
  },
});

/** Everything that verify reads, in the parts that are read side by side. */
export const readings = (
  deps: ReadingDeps,
  subject: ReadSubject,
  seen: Seen,
): readonly Reading[] => {
  const { ec2, autoScaling, loadBalancing } = deps.reader;
  const { case: theCase, before } = subject;
  return [
    readingOfInstance(deps, subject, profileOf(theCase, deps.settings), seen),
    {
      controls: ['trail'],
      begunAt: ec2.begunAt,
      read: async () => {
        const { observations, tags } = await readTrailControl(ec2, before, theCase);
        seen.tags = tags;
        return observations;
      },
    },
    {
      controls: detachAutoScaling.controls,
      begunAt: autoScaling.begunAt,
      read: () => readMembershipControl(autoScaling, theCase.instanceId),
    },
    {
      controls: deregisterLoadBalancers.controls,
      begunAt: loadBalancing.begunAt,
      read: async () => {
        const found = await readTargetsControl(loadBalancing, before.instance);
        seen.registered = found.registered;
        return found.observations;
      },
    },
    {
      controls: ['snapshots'],
      begunAt: ec2.begunAt,
      read: () => readSnapshotsControl(ec2, before.instance, theCase),
    },
  ];
};
