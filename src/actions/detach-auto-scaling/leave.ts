import { readLifecycleState } from '../../aws/auto-scaling.ts';
import type { Deps } from '../../aws/clients.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import type { Membership } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import type { Change } from '../../engine/change.ts';
import { send } from '../../engine/send.ts';
import { detachInstance, enterStandby } from './plan.ts';

/** A way out of the reach of the group. */
export type Way = 'detach' | 'standby';

/** States in which the group has let go of the instance, or is about to. */
const detaching = new Set(['Detaching', 'Detached']);
const standingBy = new Set(['Standby', 'EnteringStandby']);

export const standsBy = (lifecycleState: string): boolean => standingBy.has(lifecycleState);

export const hasLeft = (lifecycleState: string, way: Way): boolean =>
  detaching.has(lifecycleState) || (way === 'standby' && standsBy(lifecycleState));

/**
 * An instance refresh exchanges the root volume of the running instance, or has just done so
 * (https://docs.aws.amazon.com/autoscaling/ec2/userguide/replace-root-volume.html).
 */
export const isReplacingRootVolume = (lifecycleState: string): boolean =>
  lifecycleState.startsWith('ReplacingRootVolume') || lifecycleState === 'RootVolumeReplaced';

/** How long the group is asked whether the instance has left, in milliseconds. */
const lookPatience = 1_000;

/** What became of one way out of the group; a refusal is worth the next way. */
export type Answer =
  | { readonly outcome: 'done' | 'already'; readonly left: Way }
  | { readonly outcome: 'refused'; readonly error: unknown };

/** The present lifecycle state; undefined if it cannot be read within a second. */
export const lifecycleNow = async (
  { clients, clock }: Deps<'autoScaling'>,
  instanceId: string,
): Promise<string | undefined> => {
  try {
    const state = await giveUpAfter(clock, lookPatience, () =>
      readLifecycleState(clients.autoScaling, instanceId),
    );
    return state?.lifecycleState;
  } catch {
    return undefined;
  }
};

/** After a refusal or a lost answer: whether the instance has left, by this call or by somebody else's. */
const leftMeanwhile = async (
  { clients, clock }: Deps<'autoScaling'>,
  instanceId: string,
  way: Way,
): Promise<Way | undefined> => {
  try {
    const state = await giveUpAfter(clock, lookPatience, () =>
      readLifecycleState(clients.autoScaling, instanceId),
    );
    if (state === undefined || hasLeft(state.lifecycleState, 'detach')) return 'detach';
    return hasLeft(state.lifecycleState, way) ? way : undefined;
  } catch {
    return undefined;
  }
};

/** The change that one way out of the group comes down to. */
export const wayOut = (
  deps: Deps<'autoScaling'>,
  way: Way,
  theCase: Case,
  membership: Membership,
): Change => (way === 'detach' ? detachInstance : enterStandby)(deps, theCase, membership);

/** Takes one way out of the group, and for so long; never throws. */
export const leaveBy = async (
  deps: Deps<'autoScaling'>,
  way: Way,
  theCase: Case,
  membership: Membership,
): Promise<Answer> => {
  const { outcome, error } = await send(
    deps,
    theCase.caseId,
    wayOut(deps, way, theCase, membership),
  );
  if (outcome === 'done' || outcome === 'already') return { outcome, left: way };
  const left = await leftMeanwhile(deps, theCase.instanceId, way);
  return left === undefined ? { outcome: 'refused', error } : { outcome: 'already', left };
};
