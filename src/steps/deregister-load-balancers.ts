import { deregisterLoadBalancers as action } from '../actions/deregister-load-balancers/action.ts';
import { readOwnBalancers } from '../actions/deregister-load-balancers/own-balancers.ts';
import { deregisterInstance, deregisterTarget } from '../actions/deregister-load-balancers/plan.ts';
import { openRegistrationMemory } from '../actions/deregister-load-balancers/registration-memory.ts';
import type { Deps } from '../aws/clients.ts';
import { asCordonError } from '../aws/errors.ts';
import type { TargetGroup } from '../aws/load-balancers.ts';
import {
  loadBalancerPermissions,
  readCandidateGroups,
  readClassicLoadBalancers,
  readRegistrations,
  targetGroupPermissions,
} from '../aws/load-balancers.ts';
import { sweep } from '../aws/sweep.ts';
import { tagReadPermissions } from '../aws/tags.ts';
import type { Before, TargetRegistration } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import { profileOf } from '../case/case.ts';
import type { DeregisterDetail, PlanDetail } from '../case/details.ts';
import type { CordonError } from '../case/errors.ts';
import { AwsUnavailableError, DeregistrationIncompleteError } from '../case/errors.ts';
import { givenBackReason, isGivenBack } from '../case/given-back.ts';
import { keepsServing, servingReason } from '../case/isolation-profile.ts';
import { unitedTargets } from '../case/registrations.ts';
import { balancedFlows } from '../case/risks/connections.ts';
import { ambiguousTargets, undoFromLogOnly } from '../case/risks/record.ts';
import type { StepResult } from '../case/step.ts';
import type { StepInput } from '../case/step-input.ts';
import { isAmbiguousTarget, isLeaving } from '../case/targets.ts';
import { vouching } from '../case/vouched.ts';
import type { Change } from '../engine/change.ts';
import { rehearse } from '../engine/rehearse.ts';
import { send } from '../engine/send.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  ...targetGroupPermissions,
  ...loadBalancerPermissions,
  ...action.permissions,
  ...tagReadPermissions,
]);

type DeregisterDeps = Deps<'ec2' | 'autoScaling' | 'loadBalancingV2' | 'loadBalancing'>;

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

/** @throws what AWS answered, unless nothing was left to do. */
const make = async (deps: DeregisterDeps, { caseId }: Case, change: Change): Promise<void> => {
  const { outcome, error } = await send(deps, caseId, change);
  if (outcome === 'failed') throw error;
};

const nameOf = (arn: string): string => arn.split(':targetgroup/')[1] ?? arn;

/**
 * Step 4: takes the instance out of every target group (by instance id, on every port, by every
 * address of every interface) and every classic load balancer of the Region.
 *
 * @throws DeregistrationIncompleteError when a group could not be read or kept the instance; all
 *   others were done.
 * @throws AwsUnavailableError when that was for load, and repeating may help.
 */
export const deregisterLoadBalancers = async (
  deps: DeregisterDeps,
  { case: theCase, before }: StepInput,
): Promise<StepResult<DeregisterDetail | PlanDetail>> => {
  const { clients, log } = deps;
  const serving = keepsServing(profileOf(theCase, deps.settings));
  if (serving || isGivenBack(before, action.phase)) {
    const nothing = { targets: [], loadBalancers: [], targetGroupsRead: 0, risks: [] };
    const because = serving ? servingReason : givenBackReason;
    return { outcome: 'skipped', detail: { ...nothing, because } };
  }
  const [memory, { arns: own, names: ownNames }] = await Promise.all([
    openRegistrationMemory(deps, theCase, before),
    readOwnBalancers(deps, before),
  ]);
  const found: TargetRegistration[] = [];
  const ambiguous: string[] = [];
  const changes: Change[] = [];
  const complaints: CordonError[] = [];

  const balanced = new Set<string>();
  let leaving = 0;
  const inGroup = async (group: TargetGroup) => {
    const read = await readRegistrations(
      clients.loadBalancingV2,
      group.arn,
      before.instance,
      own.has(group.arn),
    );
    // The detach may have deregistered the instance already. Attaching registers it again, with the
    // port of the target group, so that registration is remembered.
    const gone = own.has(group.arn) && !read.some((one) => one.viaAutoScaling);
    const registrations = gone ? [...read, ...viaAutoScaling(group, before)] : read;
    for (const registration of registrations) {
      if (isAmbiguousTarget(registration, group.vpcId, before.instance)) {
        ambiguous.push(`${group.arn} ${registration.targetId}`);
        continue;
      }
      if (isFlowTracked(group)) balanced.add(group.arn);
      // Somebody had taken it out before, or an earlier run, which has remembered it. What the detach
      // takes out of the groups of the Auto Scaling group may be leaving already, and is the case's.
      if (isLeaving(registration) && !own.has(group.arn)) {
        leaving += 1;
        continue;
      }
      found.push(registration);
      log.info('before deregister', { caseId: theCase.caseId, registration });
      if (!theCase.dryRun) await memory.keep(registration);
      if (isLeaving(registration)) continue;
      const change = deregisterTarget(deps, theCase, registration);
      changes.push(change);
      if (!theCase.dryRun) await make(deps, theCase, change);
    }
  };

  const inTargetGroups = async () => {
    const groups = await readCandidateGroups(clients.loadBalancingV2, before.instance);
    // The detach may have taken the instance out of these before they were read.
    for (const group of groups) {
      if (own.has(group.arn) && isFlowTracked(group)) balanced.add(group.arn);
    }
    const failures = await sweep(ownFirst(groups, own), inGroup);
    complaints.push(...failures.map(({ item, error }) => asCordonError(error, item.arn)));
    return groups.length;
  };

  const inClassic = async () => {
    const names = await readClassicLoadBalancers(clients.loadBalancing, before.instance.id);
    log.info('before deregister', { caseId: theCase.caseId, loadBalancers: names });
    const byHand = names.filter((name) => !ownNames.has(name));
    if (!theCase.dryRun) await Promise.all(byHand.map((name) => memory.keep(name)));
    const classic = names.map((name) => deregisterInstance(deps, theCase, name));
    changes.push(...classic);
    if (!theCase.dryRun) {
      const failures = await sweep(classic, (change) => make(deps, theCase, change));
      complaints.push(...failures.map(({ item, error }) => asCordonError(error, item.resource)));
    }
    return byHand;
  };

  const [groups, names] = await Promise.allSettled([inTargetGroups(), inClassic()]);
  for (const part of [groups, names]) {
    if (part.status === 'rejected') {
      complaints.push(asCordonError(part.reason, 'Listing load balancers'));
    }
  }
  const unwritten = theCase.dryRun ? [] : await memory.finish();
  if (complaints.length > 0) {
    const words = [...new Set(complaints.map((error) => error.message))].join('; ');
    const Failure = complaints.some((error) => error instanceof AwsUnavailableError)
      ? AwsUnavailableError
      : DeregistrationIncompleteError;
    throw new Failure(
      `${changes.length} registrations were found; ${complaints.length} load balancer calls failed: ${words.slice(0, 600)}`,
      { cause: complaints[0] },
    );
  }
  if (theCase.dryRun) return { outcome: 'planned', detail: { calls: await rehearse(changes) } };
  const loadBalancers = names.status === 'fulfilled' ? names.value : [];
  const detail: DeregisterDetail = {
    targets: unitedTargets(found, memory.earlier.targets),
    loadBalancers: [...new Set([...memory.earlier.loadBalancers, ...loadBalancers])],
    targetGroupsRead: groups.status === 'fulfilled' ? groups.value : 0,
    ...vouching({ [before.instance.id]: memory.written() }),
    risks: [
      ...(balanced.size > 0 && before.instance.state !== 'stopped'
        ? [balancedFlows([...balanced].map(nameOf))]
        : []),
      ...(ambiguous.length > 0 ? [ambiguousTargets(ambiguous)] : []),
      ...(unwritten.length > 0 ? [undoFromLogOnly(unwritten.slice(0, 10).join(', '))] : []),
    ],
  };
  if (found.length + leaving === 0 && loadBalancers.length === 0)
    return { outcome: 'not-applicable', detail };
  return { outcome: changes.length > 0 ? 'done' : 'already', detail };
};
