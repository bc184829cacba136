import { readLifecycleState, readMembership } from '../aws/auto-scaling.ts';
import type { Change } from '../aws/change.ts';
import { rehearse } from '../aws/change.ts';
import type { Deps } from '../aws/clients.ts';
import { inWords, isUnavailable } from '../aws/errors.ts';
import { loadBalancerPermissions, targetGroupPermissions } from '../aws/load-balancers.ts';
import type { Membership } from '../case/before.ts';
import { profileOf } from '../case/case.ts';
import type { DetachDetail, PlanDetail } from '../case/details.ts';
import { AwsUnavailableError, DetachRefusedError } from '../case/errors.ts';
import { keepsServing, servingReason } from '../case/isolation-profile.ts';
import { groupSuspended } from '../case/risks/auto-scaling.ts';
import type { StepResult } from '../case/step.ts';
import {
  autoScalingChangePermissions,
  detachInstance,
  enterStandby,
  suspendProcesses,
  terminatingProcesses,
} from './auto-scaling/changes.ts';
import { readRegistered } from './auto-scaling/registered.ts';
import type { StepInput } from './step-input.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  ...autoScalingChangePermissions,
  targetGroupPermissions[1],
  ...loadBalancerPermissions,
]);

type DetachDeps = Deps<'autoScaling' | 'loadBalancingV2' | 'loadBalancing'>;

/** States in which the group has let go of the instance, or is about to. */
const leaving = new Set(['Detaching', 'Detached']);
const standingBy = new Set(['Standby', 'EnteringStandby']);

const hasLeft = (lifecycleState: string, mode: Way): boolean =>
  leaving.has(lifecycleState) || (mode === 'standby' && standingBy.has(lifecycleState));

type Way = 'detach' | 'standby';

const isNoMember = (error: unknown): boolean =>
  /is not part of Auto Scaling group/i.test(inWords(error));

/** The group said no: perhaps because somebody else, or a lost answer of ours, was first. */
const hasLeftMeanwhile = async (
  { clients }: DetachDeps,
  instanceId: string,
  way: Way,
): Promise<boolean> => {
  try {
    const state = await readLifecycleState(clients.autoScaling, instanceId);
    return state === undefined || hasLeft(state.lifecycleState, way);
  } catch {
    return false;
  }
};

/** What became of one way out of the group; a refusal is worth the next way. */
type Answer =
  | { readonly outcome: 'done' | 'already' }
  | { readonly outcome: 'refused'; readonly error: unknown };

const leaveBy = async (
  deps: DetachDeps,
  way: Way,
  { groupName }: Membership,
  instanceId: string,
): Promise<Answer> => {
  const change = way === 'detach' ? detachInstance : enterStandby;
  try {
    await change(deps, groupName, instanceId).send(false);
    return { outcome: 'done' };
  } catch (error) {
    if (isNoMember(error) || (await hasLeftMeanwhile(deps, instanceId, way))) {
      return { outcome: 'already' };
    }
    if (isUnavailable(error)) {
      throw new AwsUnavailableError(`Leaving the Auto Scaling group failed: ${inWords(error)}`, {
        cause: error,
      });
    }
    return { outcome: 'refused', error };
  }
};

/** The last resort: a group that keeps the instance must not terminate it. */
const suspend = async (
  deps: DetachDeps,
  { groupName, suspendedProcesses = [] }: Membership,
  refusals: readonly string[],
): Promise<Pick<DetachDetail, 'left' | 'suspendedProcesses' | 'risks'>> => {
  const processes = terminatingProcesses.filter((one) => !suspendedProcesses.includes(one));
  if (processes.length > 0) await suspendProcesses(deps, groupName, processes).send(false);
  return {
    left: 'suspended',
    suspendedProcesses: processes,
    risks: [groupSuspended(groupName, terminatingProcesses, processes, refusals)],
  };
};

/**
 * Step 3: takes the instance out of its Auto Scaling group, which would otherwise take the
 * isolation for an outage and terminate the evidence. An accepted detach is enough: the group
 * does not terminate what is `Detaching`. Where detaching is refused it is put on standby, and
 * where that is refused too, the group is kept from terminating anything.
 *
 * @throws DetachRefusedError when the group keeps the instance and may terminate it.
 * @throws AwsUnavailableError when AWS could not be asked.
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
  if (theCase.dryRun) {
    const change: Change = (mode === 'detach' ? detachInstance : enterStandby)(
      deps,
      groupName,
      instanceId,
    );
    return { outcome: 'planned', detail: { calls: await rehearse([change]) } };
  }
  const registered = await readRegistered(deps, before.instance, membership);
  const detail: DetachDetail = { groupName, ...registered };
  deps.log.info('before detach', { caseId: theCase.caseId, ...detail, membership });
  const ways: readonly Way[] = mode === 'detach' ? ['detach', 'standby'] : ['standby'];
  const refusals: string[] = [];
  let cause: unknown;
  for (const way of ways) {
    // Standby that somebody else has put it on protects it as well as ours.
    if (way === 'standby' && standingBy.has(membership.lifecycleState)) {
      return { outcome: 'already', detail: { ...detail, left: 'standby' } };
    }
    const answer = await leaveBy(deps, way, membership, instanceId);
    if (answer.outcome !== 'refused') {
      return { outcome: answer.outcome, detail: { ...detail, left: way } };
    }
    cause = answer.error;
    refusals.push(`${way}: ${inWords(answer.error)}`);
    deps.log.error('the Auto Scaling group refused', { groupName, way, error: inWords(cause) });
  }
  try {
    return {
      outcome: 'done',
      detail: { ...detail, ...(await suspend(deps, membership, refusals)) },
    };
  } catch (error) {
    if (isUnavailable(error)) {
      throw new AwsUnavailableError(`Suspending the group's processes failed: ${inWords(error)}`, {
        cause: error,
      });
    }
    refusals.push(`suspend: ${inWords(error)}`);
    throw new DetachRefusedError(
      `The Auto Scaling group ${groupName} keeps ${instanceId} and may terminate it (${refusals.join('; ')}): suspend its processes ReplaceUnhealthy and Terminate by hand.`,
      { cause },
    );
  }
};
