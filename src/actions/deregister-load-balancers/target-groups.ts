import { asCordonError } from '../../aws/errors.ts';
import type { TargetGroup } from '../../aws/load-balancers.ts';
import { readCandidateGroups, readRegistrations } from '../../aws/load-balancers.ts';
import { sweep } from '../../aws/sweep.ts';
import type { Before, TargetRegistration } from '../../case/before.ts';
import { isAmbiguousTarget, isLeaving } from '../../case/targets.ts';
import type { Deregistering } from './deregistering.ts';
import { make } from './deregistering.ts';
import { deregisterTarget } from './plan.ts';

/** Registered by the group with its own port, before the group or Cordon took it out again. */
const viaAutoScaling = (
  { arn, port }: TargetGroup,
  { instance }: Before,
): readonly TargetRegistration[] =>
  port === undefined
    ? []
    : [
        {
          targetGroupArn: arn,
          targetId: instance.id,
          port,
          viaAutoScaling: true,
          state: 'draining',
        },
      ];

/** The Auto Scaling group's own target groups first: the instance is most likely there. */
const ownFirst = (groups: readonly TargetGroup[], own: ReadonlySet<string>) => [
  ...groups.filter((group) => own.has(group.arn)),
  ...groups.filter((group) => !own.has(group.arn)),
];

/**
 * Behind a Network or Gateway Load Balancer AWS tracks every flow, whatever the rules
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html).
 */
const isFlowTracked = ({ protocol }: TargetGroup): boolean =>
  protocol !== undefined && !protocol.startsWith('HTTP');

/**
 * The registrations with one group. The detach may have deregistered the instance already: attaching
 * registers it again, with the port of the target group, so that registration is remembered.
 */
const registrationsWith = async (
  { deps, input: { before }, own }: Deregistering,
  group: TargetGroup,
): Promise<readonly TargetRegistration[]> => {
  const isOwn = own.arns.has(group.arn);
  const { loadBalancingV2 } = deps.clients;
  const read = await readRegistrations(loadBalancingV2, group.arn, before.instance, isOwn);
  const gone = isOwn && !read.some((one) => one.viaAutoScaling);
  return gone ? [...read, ...viaAutoScaling(group, before)] : read;
};

/** Takes the instance out of one registration, which is remembered first. */
const leave = async (
  one: Deregistering,
  group: TargetGroup,
  registration: TargetRegistration,
): Promise<void> => {
  const { deps, input, memory, own, findings } = one;
  const { case: theCase, before } = input;
  if (isAmbiguousTarget(registration, group.vpcId, before.instance)) {
    findings.ambiguous.push(`${group.arn} ${registration.targetId}`);
    return;
  }
  if (isFlowTracked(group)) findings.flowTracked.add(group.arn);
  // Somebody had taken it out before, or an earlier run, which has remembered it. What the detach
  // takes out of the groups of the Auto Scaling group may be leaving already, and is the case's.
  if (isLeaving(registration) && !own.arns.has(group.arn)) {
    findings.leaving += 1;
    return;
  }
  findings.targets.push(registration);
  deps.log.info('before deregister', { caseId: theCase.caseId, registration });
  if (!theCase.dryRun) await memory.keep(registration);
  if (isLeaving(registration)) return;
  const change = deregisterTarget(deps, theCase, registration);
  findings.changes.push(change);
  if (!theCase.dryRun) await make(one, change);
};

/**
 * Takes the instance out of every target group that can have it, by its id, on every port, and by
 * every address of every interface.
 *
 * @returns how many groups were read.
 */
export const leaveTargetGroups = async (one: Deregistering): Promise<number> => {
  const { deps, input, own, findings } = one;
  const groups = await readCandidateGroups(deps.clients.loadBalancingV2, input.before.instance);
  // The detach may have taken the instance out of these before they were read.
  for (const group of groups) {
    if (own.arns.has(group.arn) && isFlowTracked(group)) findings.flowTracked.add(group.arn);
  }
  const failures = await sweep(ownFirst(groups, own.arns), async (group) => {
    for (const registration of await registrationsWith(one, group)) {
      await leave(one, group, registration);
    }
  });
  findings.complaints.push(...failures.map(({ item, error }) => asCordonError(error, item.arn)));
  return groups.length;
};
