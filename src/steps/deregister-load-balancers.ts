import { deregisterLoadBalancers as action } from '../actions/deregister-load-balancers/action.ts';
import { leaveClassicLoadBalancers } from '../actions/deregister-load-balancers/classic.ts';
import type {
  DeregisterDeps,
  Deregistering,
  Findings,
} from '../actions/deregister-load-balancers/deregistering.ts';
import { noFindings } from '../actions/deregister-load-balancers/deregistering.ts';
import { readOwnBalancers } from '../actions/deregister-load-balancers/own-balancers.ts';
import { openRegistrationMemory } from '../actions/deregister-load-balancers/registration-memory.ts';
import { leaveTargetGroups } from '../actions/deregister-load-balancers/target-groups.ts';
import { asCordonError } from '../aws/errors.ts';
import { loadBalancerPermissions, targetGroupPermissions } from '../aws/load-balancers.ts';
import { tagReadPermissions } from '../aws/tags.ts';
import { profileOf } from '../case/case.ts';
import type { DeregisterDetail, PlanDetail } from '../case/details.ts';
import { AwsUnavailableError, DeregistrationIncompleteError } from '../case/errors.ts';
import { givenBackReason, isGivenBack } from '../case/given-back.ts';
import { keepsServing, servingReason } from '../case/isolation-profile.ts';
import { unitedTargets } from '../case/registrations.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { balancedFlows } from '../case/risks/connections.ts';
import { ambiguousTargets, undoFromLogOnly } from '../case/risks/record.ts';
import type { StepResult } from '../case/step.ts';
import type { StepInput } from '../case/step-input.ts';
import { vouching } from '../case/vouched.ts';
import { rehearse } from '../engine/rehearse.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  ...targetGroupPermissions,
  ...loadBalancerPermissions,
  ...action.permissions,
  ...tagReadPermissions,
]);

const nameOf = (arn: string): string => arn.split(':targetgroup/')[1] ?? arn;

/** Why nothing is deregistered; undefined where everything is. */
const reasonToLeave = (
  { settings }: DeregisterDeps,
  { case: theCase, before }: StepInput,
): string | undefined => {
  if (keepsServing(profileOf(theCase, settings))) return servingReason;
  return isGivenBack(before, action.phase) ? givenBackReason : undefined;
};

/** @throws DeregistrationIncompleteError, AwsUnavailableError with what failed, if anything did. */
const requireAll = ({ changes, complaints }: Findings): void => {
  if (complaints.length === 0) return;
  const words = [...new Set(complaints.map((error) => error.message))].join('; ');
  const Failure = complaints.some((error) => error instanceof AwsUnavailableError)
    ? AwsUnavailableError
    : DeregistrationIncompleteError;
  throw new Failure(
    `${changes.length} registrations were found; ${complaints.length} load balancer calls failed: ${words.slice(0, 600)}`,
    { cause: complaints[0] },
  );
};

const risksOf = (
  { flowTracked, ambiguous }: Findings,
  { before }: StepInput,
  unwritten: readonly string[],
): readonly ResidualRisk[] => [
  ...(flowTracked.size > 0 && before.instance.state !== 'stopped'
    ? [balancedFlows([...flowTracked].map(nameOf))]
    : []),
  ...(ambiguous.length > 0 ? [ambiguousTargets(ambiguous)] : []),
  ...(unwritten.length > 0 ? [undoFromLogOnly(unwritten.slice(0, 10).join(', '))] : []),
];

/** Sweeps both kinds of load balancers side by side; what cannot even be listed is a complaint. */
const leaveAll = async (one: Deregistering) => {
  const [groups, names] = await Promise.allSettled([
    leaveTargetGroups(one),
    leaveClassicLoadBalancers(one),
  ]);
  for (const part of [groups, names]) {
    if (part.status === 'rejected') {
      one.findings.complaints.push(asCordonError(part.reason, 'Listing load balancers'));
    }
  }
  return {
    targetGroupsRead: groups.status === 'fulfilled' ? groups.value : 0,
    loadBalancers: names.status === 'fulfilled' ? names.value : [],
  };
};

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
  input: StepInput,
): Promise<StepResult<DeregisterDetail | PlanDetail>> => {
  const { case: theCase, before } = input;
  const because = reasonToLeave(deps, input);
  if (because !== undefined) {
    const nothing = { targets: [], loadBalancers: [], targetGroupsRead: 0, risks: [] };
    return { outcome: 'skipped', detail: { ...nothing, because } };
  }
  const [memory, own] = await Promise.all([
    openRegistrationMemory(deps, theCase, before),
    readOwnBalancers(deps, before),
  ]);
  const findings = noFindings();
  const { targetGroupsRead, loadBalancers } = await leaveAll({
    deps,
    input,
    memory,
    own,
    findings,
  });
  const unwritten = theCase.dryRun ? [] : await memory.finish();
  requireAll(findings);
  const { targets, changes, leaving } = findings;
  if (theCase.dryRun) return { outcome: 'planned', detail: { calls: await rehearse(changes) } };
  const detail: DeregisterDetail = {
    targets: unitedTargets(targets, memory.earlier.targets),
    loadBalancers: [...new Set([...memory.earlier.loadBalancers, ...loadBalancers])],
    targetGroupsRead,
    ...vouching({ [before.instance.id]: memory.written() }),
    risks: risksOf(findings, input, unwritten),
  };
  if (targets.length + leaving === 0 && loadBalancers.length === 0) {
    return { outcome: 'not-applicable', detail };
  }
  return { outcome: changes.length > 0 ? 'done' : 'already', detail };
};
