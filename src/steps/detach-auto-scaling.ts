import { detachAutoScaling as action } from '../actions/detach-auto-scaling/action.ts';
import type { Way } from '../actions/detach-auto-scaling/leave.ts';
import {
  hasLeft,
  isReplacingRootVolume,
  leaveBy,
  lifecycleNow,
  standsBy,
  wayOut,
} from '../actions/detach-auto-scaling/leave.ts';
import { readRegistered } from '../actions/detach-auto-scaling/registered.ts';
import { suspend } from '../actions/detach-auto-scaling/suspend.ts';
import { readMembership } from '../aws/auto-scaling.ts';
import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords, isUnavailable } from '../aws/errors.ts';
import { loadBalancerPermissions, targetGroupPermissions } from '../aws/load-balancers.ts';
import type { Membership } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import { profileOf } from '../case/case.ts';
import type { DetachDetail, PlanDetail } from '../case/details.ts';
import { AwsUnavailableError, DetachRefusedError } from '../case/errors.ts';
import { givenBackReason, isGivenBack } from '../case/given-back.ts';
import { keepsServing, servingReason } from '../case/isolation-profile.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { refreshMayReplace, rootVolumeReplacing } from '../case/risks/root-volume.ts';
import { isBeingTerminated, terminationUnderWay } from '../case/risks/termination.ts';
import type { StepResult } from '../case/step.ts';
import type { StepInput } from '../case/step-input.ts';
import { rehearse } from '../engine/rehearse.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  ...action.permissions,
  targetGroupPermissions[1],
  ...loadBalancerPermissions,
]);

type DetachDeps = Deps<'ec2' | 'autoScaling' | 'loadBalancingV2' | 'loadBalancing'>;

/**
 * What attaching restores is read before it goes, but not for longer, in milliseconds: the detach
 * must be through before health checks act on the isolation.
 */
const longestForRegistrations = 2_000;

/** How the instance left its group, or was kept from it. */
type Left = Pick<DetachDetail, 'left' | 'suspendedProcesses' | 'risks' | 'because' | 'vouched'>;

/** Nothing of the group is touched that does not help: all its members would pay for it. */
const beingTerminated = (
  groupName: string,
  instanceId: string,
  lifecycleState: string,
): StepResult<Left> => ({
  outcome: 'skipped',
  detail: {
    because: `the group is terminating the instance (${lifecycleState})`,
    risks: [terminationUnderWay(groupName, instanceId, lifecycleState)],
  },
});

/**
 * Tries each way of leaving the group, until one works.
 *
 * @throws DetachRefusedError, AwsUnavailableError when the group may terminate the instance.
 */
const leave = async (
  deps: DetachDeps,
  theCase: Case,
  membership: Membership,
): Promise<StepResult<Left>> => {
  const { groupName } = membership;
  const { instanceId } = theCase;
  const ways: readonly Way[] =
    deps.settings.detachMode === 'detach' ? ['detach', 'standby'] : ['standby'];
  const refusals: string[] = [];
  let cause: unknown;
  for (const way of ways) {
    // Standby that somebody else has put it on protects it as well as ours.
    if (way === 'standby' && standsBy(membership.lifecycleState)) {
      return { outcome: 'already', detail: { left: 'standby' } };
    }
    const answer = await leaveBy(deps, way, theCase, membership);
    if (answer.outcome !== 'refused') {
      return { outcome: answer.outcome, detail: { left: answer.left } };
    }
    cause = answer.error;
    refusals.push(`${way}: ${inWords(answer.error)}`);
    deps.log.error('the Auto Scaling group refused', { groupName, way, error: inWords(cause) });
  }
  // A group that does not answer is not asked once more: its health checks act within seconds.
  const state = isUnavailable(cause) ? '' : ((await lifecycleNow(deps, instanceId)) ?? '');
  if (isBeingTerminated(state)) return beingTerminated(groupName, instanceId, state);
  try {
    return { outcome: 'done', detail: await suspend(deps, theCase, membership, refusals) };
  } catch (error) {
    refusals.push(`suspend: ${inWords(error)}`);
    const Failure = isUnavailable(error) ? AwsUnavailableError : DetachRefusedError;
    throw new Failure(
      `The Auto Scaling group ${groupName} keeps ${instanceId} and may terminate it (${refusals.join('; ')}): suspend its processes ReplaceUnhealthy and Terminate by hand.`,
      { cause },
    );
  }
};

/** What an instance refresh has done, or may still do, to the instance or its root volume. */
const refreshRisks = (
  { groupName, lifecycleState }: Membership,
  left: DetachDetail['left'],
): readonly ResidualRisk[] => [
  ...(isReplacingRootVolume(lifecycleState)
    ? [rootVolumeReplacing(groupName, lifecycleState)]
    : []),
  ...(left === 'detach' ? [] : [refreshMayReplace(groupName)]),
];

/**
 * Step 3: takes the instance out of its Auto Scaling group, which would otherwise take the
 * isolation for an outage and terminate the evidence. An accepted detach is enough: the group
 * does not terminate what is `Detaching`. Where detaching is refused, or does not come about within
 * seconds, it is put on standby, and where that fails too, the group is kept from terminating
 * anything.
 *
 * @throws DetachRefusedError when the group keeps the instance and may terminate it.
 * @throws AwsUnavailableError when that is for load, or AWS could not be asked.
 */
export const detachAutoScaling = async (
  deps: DetachDeps,
  { case: theCase, before }: StepInput,
): Promise<StepResult<DetachDetail | PlanDetail>> => {
  const nothing = { targets: [], loadBalancers: [] };
  const instanceId = before.instance.id;
  if (keepsServing(profileOf(theCase, deps.settings))) {
    return { outcome: 'skipped', detail: { ...nothing, because: servingReason } };
  }
  if (isGivenBack(before, action.phase)) {
    return { outcome: 'skipped', detail: { ...nothing, because: givenBackReason } };
  }
  const reading = before.autoScaling.known
    ? before.autoScaling
    : await readMembership(deps.clients.autoScaling, instanceId);
  if (!reading.known) {
    throw new DetachRefusedError(
      `It is unknown whether ${instanceId} is in an Auto Scaling group: ${reading.why}`,
    );
  }
  const { membership } = reading;
  if (membership === undefined) return { outcome: 'not-applicable', detail: nothing };
  const { groupName } = membership;
  const mode = deps.settings.detachMode;
  if (hasLeft(membership.lifecycleState, mode)) {
    return { outcome: 'already', detail: { ...nothing, groupName } };
  }
  if (isBeingTerminated(membership.lifecycleState)) {
    const { outcome, detail } = beingTerminated(groupName, instanceId, membership.lifecycleState);
    return { outcome, detail: { ...nothing, groupName, ...detail } };
  }
  if (theCase.dryRun) {
    const calls = await rehearse([wayOut(deps, mode, theCase, membership)]);
    return { outcome: 'planned', detail: { calls } };
  }
  const registered = await giveUpAfter(deps.clock, longestForRegistrations, () =>
    readRegistered(deps, before.instance, membership),
  );
  const detail: DetachDetail = { groupName, ...registered };
  deps.log.info('before detach', { caseId: theCase.caseId, ...detail, membership });
  const { outcome, detail: left } = await leave(deps, theCase, membership);
  const risks = [...(left.risks ?? []), ...refreshRisks(membership, left.left)];
  return {
    outcome,
    detail: { ...detail, ...left, ...(risks.length === 0 ? {} : { risks }) },
  };
};
