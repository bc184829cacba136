import { DetachInstancesCommand } from '@aws-sdk/client-auto-scaling';
import { readLifecycleState, readMembership } from '../aws/auto-scaling.ts';
import type { Change } from '../aws/change.ts';
import { rehearse } from '../aws/change.ts';
import type { Deps } from '../aws/clients.ts';
import { asCordonError, inWords } from '../aws/errors.ts';
import {
  loadBalancerPermissions,
  readClassicLoadBalancers,
  readRegistrations,
  targetGroupPermissions,
} from '../aws/load-balancers.ts';
import { sweep } from '../aws/sweep.ts';
import type { Instance, Membership, TargetRegistration } from '../case/before.ts';
import type { DetachDetail, PlanDetail } from '../case/details.ts';
import { DetachRefusedError } from '../case/errors.ts';
import type { StepResult } from '../case/step.ts';
import type { StepInput } from './step-input.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  'autoscaling:DetachInstances',
  targetGroupPermissions[1],
  ...loadBalancerPermissions,
]);

type DetachDeps = Deps<'autoScaling' | 'loadBalancingV2' | 'loadBalancing'>;

/** States in which the group has let go of the instance, or is about to. */
const leaving = new Set(['Detaching', 'Detached']);

/** All at once: an Auto Scaling group has at most 50 target groups, and the cut waits for them. */
const attachmentWidth = 50;

/**
 * The registrations that the group made, before DetachInstances takes them away. What cannot be
 * read is named; attaching the instance again restores it all the same.
 */
const readRegistered = async (
  clients: DetachDeps['clients'],
  instance: Instance,
  membership: Membership,
): Promise<Pick<DetachDetail, 'targets' | 'loadBalancers' | 'unread'>> => {
  const targets: TargetRegistration[] = [];
  const [failures, loadBalancers] = await Promise.all([
    sweep(
      membership.targetGroupArns,
      async (arn) => {
        targets.push(...(await readRegistrations(clients.loadBalancingV2, arn, instance, true)));
      },
      attachmentWidth,
    ),
    readClassicLoadBalancers(
      clients.loadBalancing,
      instance.id,
      membership.loadBalancerNames,
    ).catch((error: unknown) => error),
  ]);
  const unread = [
    ...failures.map(({ item, error }) => `${item}: ${inWords(error)}`),
    ...(Array.isArray(loadBalancers) ? [] : [inWords(loadBalancers)]),
  ];
  return {
    targets,
    loadBalancers: Array.isArray(loadBalancers) ? loadBalancers : [],
    ...(unread.length === 0 ? {} : { unread: unread.join('; ') }),
  };
};

const detachChange = (
  { clients }: DetachDeps,
  instanceId: string,
  membership: Membership,
): Change => ({
  call: 'autoscaling:DetachInstances',
  resource: membership.groupName,
  send: () =>
    clients.autoScaling.send(
      new DetachInstancesCommand({
        AutoScalingGroupName: membership.groupName,
        InstanceIds: [instanceId],
        // Capacity is kept: a replacement starts, and the call never fails on the minimum size.
        ShouldDecrementDesiredCapacity: false,
      }),
    ),
});

const isNoMember = (error: unknown): boolean =>
  /is not part of Auto Scaling group/i.test(inWords(error));

/** The group said no: perhaps because somebody else, or a lost answer of ours, was first. */
const isLeavingNow = async (deps: DetachDeps, instanceId: string): Promise<boolean> => {
  try {
    const state = await readLifecycleState(deps.clients.autoScaling, instanceId);
    return state === undefined || leaving.has(state.lifecycleState);
  } catch {
    return false;
  }
};

/**
 * Step 3: takes the instance out of its Auto Scaling group, which would otherwise take the
 * isolation for an outage and terminate the evidence. An accepted detach is enough: the group
 * does not terminate what is `Detaching`.
 *
 * @throws DetachRefusedError when the group keeps the instance.
 * @throws AwsUnavailableError, AwsDeniedError when AWS could not be asked.
 */
export const detachAutoScaling = async (
  deps: DetachDeps,
  { case: theCase, before }: StepInput,
): Promise<StepResult<DetachDetail | PlanDetail>> => {
  const nothing = { targets: [], loadBalancers: [] };
  const reading = before.autoScaling.known
    ? before.autoScaling
    : await readMembership(deps.clients.autoScaling, before.instance.id);
  if (!reading.known) {
    throw new DetachRefusedError(
      `It is unknown whether ${before.instance.id} is in an Auto Scaling group: ${reading.why}`,
    );
  }
  const { membership } = reading;
  if (membership === undefined) return { outcome: 'not-applicable', detail: nothing };
  if (leaving.has(membership.lifecycleState)) {
    return { outcome: 'already', detail: { ...nothing, groupName: membership.groupName } };
  }
  const change = detachChange(deps, before.instance.id, membership);
  if (theCase.dryRun) return { outcome: 'planned', detail: { calls: await rehearse([change]) } };
  const registered = await readRegistered(deps.clients, before.instance, membership);
  const detail: DetachDetail = { groupName: membership.groupName, ...registered };
  deps.log.info('before detach', { caseId: theCase.caseId, ...detail });
  try {
    await change.send(false);
    return { outcome: 'done', detail };
  } catch (error) {
    if (isNoMember(error) || (await isLeavingNow(deps, before.instance.id))) {
      return { outcome: 'already', detail };
    }
    const failure = asCordonError(error, 'Detaching from the Auto Scaling group');
    if (failure.name !== 'AwsRefusedError') throw failure;
    throw new DetachRefusedError(
      `The Auto Scaling group ${membership.groupName} keeps ${before.instance.id}: ${inWords(error)}`,
      { cause: error },
    );
  }
};
