import { formerOf } from '../../record/trail/recall.ts';
import type { Before } from '../before.ts';
import type { Case } from '../case.ts';
import type { DetachDetail, VerifyDetail } from '../details.ts';
import type { Former } from '../former.ts';
import { registrationsOf, unitedTargets } from '../registrations.ts';
import type { ReinforceDetail } from '../reinforcement.ts';
import type { StepEntry } from '../step.ts';
import { detailOf } from '../step-detail.ts';
import { worldNow } from '../world-now.ts';
import type { UndoKnowledge } from './knowledge.ts';

/** Remembered before they were asked for: only those count that are suspended. */
const suspendedBy = (
  { autoScaling }: Before,
  { suspendedProcesses }: Former,
  detached: DetachDetail | undefined,
): readonly string[] => {
  const found = autoScaling.known ? (autoScaling.membership?.suspendedProcesses ?? []) : [];
  return [
    ...new Set([
      ...suspendedProcesses.filter((one) => found.includes(one)),
      ...(detached?.suspendedProcesses ?? []),
    ]),
  ];
};

/** What gives the server back: what is remembered of the time before, against what is now. */
export const knowledgeOf = (
  { instanceId, region }: Pick<Case, 'instanceId' | 'region'>,
  before: Before,
  steps: readonly StepEntry[],
): UndoKnowledge => {
  const verified = detailOf<VerifyDetail>(steps, 'verify');
  const reinforced = detailOf<ReinforceDetail>(steps, 'reinforce-cut');
  const detached = detailOf<DetachDetail>(steps, 'detach-auto-scaling');
  const former = formerOf(before);
  const { targets, loadBalancers } = registrationsOf(steps, verified?.remembered);
  return {
    instanceId,
    region,
    former: {
      ...former,
      targets: unitedTargets(former.targets, targets),
      loadBalancers: [...new Set([...former.loadBalancers, ...loadBalancers])],
      suspendedProcesses: suspendedBy(before, former, detached),
    },
    now: worldNow(before, steps, verified),
    reinforcements: reinforced?.reinforcements ?? [],
  };
};
