import { isolateNetwork as action } from '../actions/isolate-network/action.ts';
import { assessCut, cutPermissions } from '../actions/isolate-network/assess-cut.ts';
import type { CutResult, Cutting } from '../actions/isolate-network/cut-off.ts';
import { cutOff } from '../actions/isolate-network/cut-off.ts';
import { doubtsOf } from '../actions/isolate-network/doubts.ts';
import type { GroupsNow } from '../actions/isolate-network/groups-now.ts';
import { groupsToCompare } from '../actions/isolate-network/groups-now.ts';
import { rehearseCut } from '../actions/isolate-network/rehearse-cut.ts';
import { settle } from '../actions/isolate-network/settle.ts';
import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords, isUnavailable } from '../aws/errors.ts';
import type { Before, Instance, NetworkInterface } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import { profileOf } from '../case/case.ts';
import { cniInterfaces, isBranch } from '../case/container-network.ts';
import type {
  IsolationDetail,
  PlanDetail,
  PrepareDetail,
  PreparedGroups,
} from '../case/details.ts';
import { AwsUnavailableError, IsolationIncompleteError } from '../case/errors.ts';
import {
  isSharedGroupName,
  isTransitionGroupName,
  profileOfNames,
} from '../case/isolation-group.ts';
import type { IsolationProfile } from '../case/isolation-profile.ts';
import { keepsServing, strictest } from '../case/isolation-profile.ts';
import { operatorAdvice } from '../case/operator.ts';
import type { StepResult } from '../case/step.ts';
import type { StepInput } from '../case/step-input.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([...action.permissions, ...cutPermissions]);

export interface IsolateInput extends StepInput {
  readonly prepared: PrepareDetail;
  /** Overrides the setting: after a failure the state machine runs the step without transition. */
  readonly connectionCut?: 'transition' | 'none';
  /** True when the step may have run before: the interfaces are read first, none is re-opened. */
  readonly again?: boolean;
}

/** How long the step waits to learn what the cut means for open connections, in milliseconds. */
const longestAssessment = 3_000;

interface Failure {
  readonly id: string;
  readonly error: unknown;
}

const transitionIdsOf = (before: Before, prepared: PrepareDetail): ReadonlySet<string> =>
  new Set([
    ...before.groups.filter((one) => isTransitionGroupName(one.name)).map((one) => one.id),
    ...Object.values(prepared.groups).flatMap((one) => one.transition ?? []),
  ]);

const fail = (
  { managedBy }: Instance,
  wrong: readonly string[],
  failures: readonly Failure[],
): never => {
  const said = failures.map(({ id, error }) => `${id}: ${inWords(error)}`);
  const words = [...wrong, ...said].join('; ').slice(0, 800);
  const Kind = failures.some(({ error }) => isUnavailable(error))
    ? AwsUnavailableError
    : IsolationIncompleteError;
  throw new Kind(
    `Not every network interface is isolated: ${words}. ${managedBy === undefined ? 'Move the interfaces to the isolation group by hand now.' : operatorAdvice(managedBy)}`,
    { cause: failures[0]?.error },
  );
};

/** The profile of the groups that the interfaces are in, which may be stricter than was asked. */
const profileOfGroups = (
  cut: readonly CutResult[],
  { groups }: Before,
  asked: IsolationProfile,
): IsolationProfile => {
  const names = cut.flatMap(({ one }) =>
    one.to.map((id) => groups.find((group) => group.id === id)?.name),
  );
  return strictest([asked, profileOfNames(names) ?? asked]);
};

const cuttingOf = (
  deps: Deps<'ec2'>,
  { case: theCase, before, prepared }: IsolateInput,
  groupsNow: GroupsNow,
  connectionCut: Cutting['connectionCut'],
): Cutting => ({
  deps,
  case: theCase,
  originals: prepared.originals,
  groupsNow,
  isolatingIds: new Set(
    before.groups.filter((one) => isSharedGroupName(one.name)).map((one) => one.id),
  ),
  transitionIds: transitionIdsOf(before, prepared),
  connectionCut,
  made: new Set(prepared.made ?? []),
});

const cutEach = async (
  cutting: Cutting,
  interfaces: readonly NetworkInterface[],
  { groups }: PrepareDetail,
): Promise<{ readonly cut: readonly CutResult[]; readonly failures: readonly Failure[] }> => {
  const cut: CutResult[] = [];
  const failures: Failure[] = [];
  await Promise.all(
    interfaces.map(async (one) => {
      try {
        cut.push(await cutOff(cutting, one, groups[one.id] as PreparedGroups));
      } catch (error) {
        failures.push({ id: one.id, error });
      }
    }),
  );
  return { cut, failures };
};

/**
 * The failures that leave the host itself open. A branch interface, which a service of AWS may have
 * made and keep, is a pod's or a task's: where AWS refuses for good to move it, it stays as it is and
 * verify says so.
 */
const ofTheHost = (
  { log }: Deps<'ec2'>,
  interfaces: readonly NetworkInterface[],
  failures: readonly Failure[],
): readonly Failure[] => {
  const branches = failures.filter(
    ({ id, error }) =>
      !isUnavailable(error) && interfaces.some((one) => one.id === id && isBranch(one)),
  );
  for (const { id, error } of branches) {
    log.error('a branch interface could not be moved', {
      networkInterfaceId: id,
      error: inWords(error),
    });
  }
  return failures.filter((one) => !branches.includes(one));
};

/**
 * Step 5: moves every interface to the isolation group of its own VPC, through the transition
 * group where open connections are to be cut, and reads the groups back. Interfaces go side by
 * side; one that fails does not keep the others.
 *
 * @throws IsolationIncompleteError when an interface is not in its isolation group.
 * @throws AwsUnavailableError when that was for load.
 */
export const isolateNetwork = async (
  deps: Deps<'ec2'>,
  input: IsolateInput,
): Promise<StepResult<IsolationDetail | PlanDetail>> => {
  const { case: theCase, before, prepared } = input;
  if (theCase.dryRun) return rehearseCut(deps, input);
  const all = movableInterfaces(before.instance);
  const interfaces = all.filter((one) => prepared.groups[one.id] !== undefined);
  const known = await groupsToCompare(deps, input, interfaces);
  const profile = profileOf(theCase, deps.settings);
  const asked =
    keepsServing(profile) || cniInterfaces(before.instance).length > 0
      ? 'none'
      : (input.connectionCut ?? deps.settings.connectionCut);
  const connectionCut = known === undefined ? 'none' : asked;
  const cutting = cuttingOf(deps, input, known ?? new Map(), connectionCut);
  const assessment = giveUpAfter(deps.clock, longestAssessment, () =>
    assessCut(
      deps,
      input,
      known === undefined ? 'none' : (input.connectionCut ?? deps.settings.connectionCut),
    ),
  );
  const { cut, failures: refused } = await cutEach(cutting, interfaces, prepared);
  const failures = ofTheHost(deps, interfaces, refused);
  const withoutGroup = all
    .filter((one) => prepared.groups[one.id] === undefined && !isBranch(one))
    .map((one) => `${one.id} has no isolation group in ${one.vpcId}`);
  const { at, wrong } = await settle(cutting, theCase.instanceId, cut);
  if (failures.length > 0 || wrong.length > 0 || withoutGroup.length > 0) {
    fail(before.instance, [...wrong, ...withoutGroup], failures);
  }
  const doubts = doubtsOf(cut, connectionCut === 'transition', input);
  const { cut: byRoutes, risks } = await assessment;
  return {
    outcome: cut.every(({ one }) => one.outcome === 'already') ? 'already' : 'done',
    detail: {
      interfaces: cut.map(({ one }) => one),
      isolatedAt: at.toISOString(),
      cut: doubts.length > 0 ? 'new-flows-only' : byRoutes,
      profile: profileOfGroups(cut, before, profile),
      openMilliseconds: Math.max(0, ...cut.map(({ openMilliseconds }) => openMilliseconds)),
      risks: [...risks, ...doubts],
    },
  };
};
