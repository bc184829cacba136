import { ModifyNetworkInterfaceAttributeCommand } from '@aws-sdk/client-ec2';
import type { Change } from '../aws/change.ts';
import { rehearse } from '../aws/change.ts';
import type { Deps } from '../aws/clients.ts';
import { waitAtMost } from '../aws/clock.ts';
import { codeOf, inWords, isUnavailable } from '../aws/errors.ts';
import { readInterfaceGroups } from '../aws/instance.ts';
import { routePermissions } from '../aws/routes.ts';
import type { Before, NetworkInterface } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import type {
  IsolatedInterface,
  IsolationDetail,
  PlanDetail,
  PrepareDetail,
  PreparedGroups,
} from '../case/details.ts';
import { AwsUnavailableError, IsolationIncompleteError } from '../case/errors.ts';
import {
  isIsolationGroupName,
  isolationGroupName,
  transitionGroupName,
} from '../case/isolation-group.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { foundIsolated, transitionFailed } from '../case/risk.ts';
import type { StepResult } from '../case/step.ts';
import { assessCut } from './assess-cut.ts';
import type { StepInput } from './step-input.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  'ec2:ModifyNetworkInterfaceAttribute',
  'ec2:DescribeNetworkInterfaces',
  ...routePermissions,
]);

type IsolateDeps = Deps<'ec2'>;

export interface IsolateInput extends StepInput {
  readonly prepared: PrepareDetail;
  /** Overrides the setting: after a failure the state machine runs the step without transition. */
  readonly connectionCut?: 'transition' | 'none';
  /** True when the step may have run before: the interfaces are read first, none is re-opened. */
  readonly again?: boolean;
  /**
   * Settles when the detach has been answered. The cut waits for it, because health checks fail
   * from the cut on; it waits behind the transition, and not for ever.
   */
  readonly detached?: Promise<unknown>;
}

/** The longest that the cut waits for the detach, in milliseconds; beyond, it goes on at once. */
const longestWaitForDetach = 5_000;

/** The same while an interface is wide open in transition: longer than an answer usually takes. */
const longestOpenForDetach = 1_000;

/** The longest that one interface's isolating change is tried, in milliseconds. */
const isolationBudget = 40_000;

/** The longest that opening an interface is tried, in milliseconds: the cut waits behind it. */
const transitionBudget = 5_000;

/** The longest that reading back is repeated, in milliseconds between two reads. */
const readBackWaits = [0, 200, 400, 800, 1_600] as const;

/** A group that was just made may be unknown to the interface's endpoint for a moment. */
const propagationWait = 300;

const setGroups = async (
  { clients }: IsolateDeps,
  interfaceId: string,
  groupIds: readonly string[],
  deadline?: AbortSignal,
): Promise<void> => {
  await clients.ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId: interfaceId,
      Groups: [...groupIds],
    }),
    deadline === undefined ? {} : { abortSignal: deadline },
  );
};

/** Tries until the budget is spent: a throttled or unanswered cut is tried again, a denied is not. */
const isolateAtAnyCost = async (
  deps: IsolateDeps,
  interfaceId: string,
  groupId: string,
): Promise<void> => {
  const deadline = deps.clock.now().getTime() + isolationBudget;
  const hanging = AbortSignal.timeout(isolationBudget);
  for (;;) {
    try {
      await setGroups(deps, interfaceId, [groupId], hanging);
      return;
    } catch (error) {
      const passing = isUnavailable(error) || codeOf(error) === 'InvalidGroup.NotFound';
      if (!passing || hanging.aborted || deps.clock.now().getTime() >= deadline) throw error;
      deps.log.warn('the isolating change is tried again', {
        networkInterfaceId: interfaceId,
        error: inWords(error),
      });
      await deps.clock.sleep(propagationWait);
    }
  }
};

interface Cutting {
  readonly deps: IsolateDeps;
  readonly groupsNow: ReadonlyMap<string, readonly string[]>;
  /** Interfaces in these are not opened: they are isolated, or wide open already. */
  readonly cordonIds: ReadonlySet<string>;
  readonly transitionIds: ReadonlySet<string>;
  readonly connectionCut: 'transition' | 'none';
  readonly detached: Promise<unknown>;
}

interface CutResult {
  readonly one: IsolatedInterface;
  readonly openMilliseconds: number;
  readonly transitionError?: unknown;
}

/** One interface through transition (unless it must not) to isolation. */
const cutOff = async (
  { deps, groupsNow, cordonIds, transitionIds, connectionCut, detached }: Cutting,
  networkInterface: NetworkInterface,
  groups: PreparedGroups,
): Promise<CutResult> => {
  const { id } = networkInterface;
  const from = groupsNow.get(id) ?? networkInterface.groupIds;
  const base = { id, from, to: groups.isolation };
  if (from.length === 1 && from[0] === groups.isolation) {
    return { one: { ...base, outcome: 'already' }, openMilliseconds: 0 };
  }
  const found = from.some((group) => transitionIds.has(group));
  const touched = from.some((group) => cordonIds.has(group));
  const opened = deps.clock.now().getTime();
  let open = found;
  let transitionError: unknown;
  if (groups.transition !== undefined && connectionCut === 'transition' && !touched) {
    try {
      await setGroups(deps, id, [groups.transition], AbortSignal.timeout(transitionBudget));
      open = true;
      await deps.clock.sleep(deps.settings.transitionHoldSeconds * 1_000);
    } catch (error) {
      transitionError = error;
    }
  }
  const elapsed = deps.clock.now().getTime() - opened;
  const patience = open ? Math.max(0, longestOpenForDetach - elapsed) : longestWaitForDetach;
  await waitAtMost(deps.clock, patience, detached);
  await isolateAtAnyCost(deps, id, groups.isolation);
  return {
    one: { ...base, outcome: 'isolated' },
    openMilliseconds: open ? deps.clock.now().getTime() - opened : 0,
    ...(transitionError === undefined ? {} : { transitionError }),
  };
};

interface Failure {
  readonly id: string;
  readonly error: unknown;
}

const wrongOnes = (
  interfaces: readonly IsolatedInterface[],
  seen: ReadonlyMap<string, readonly string[]>,
): readonly string[] =>
  interfaces
    .filter(({ id, to }) => {
      const groups = seen.get(id);
      return groups === undefined || groups.length !== 1 || groups[0] !== to;
    })
    .map(({ id }) => `${id} has ${seen.get(id)?.join(' ') || 'no groups that could be read'}`);

/** Reads the groups back until they are right; returns when they were, and what is wrong. */
const readBack = async (
  { clients, clock }: IsolateDeps,
  interfaces: readonly IsolatedInterface[],
): Promise<{ readonly at: Date; readonly wrong: readonly string[] }> => {
  const ids = interfaces.map(({ id }) => id);
  let wrong: readonly string[] = [];
  for (const milliseconds of readBackWaits) {
    if (milliseconds > 0) await clock.sleep(milliseconds);
    wrong = wrongOnes(interfaces, await readInterfaceGroups(clients.ec2, ids));
    if (wrong.length === 0) break;
  }
  return { at: clock.now(), wrong };
};

const transitionIdsOf = (before: Before, prepared: PrepareDetail): ReadonlySet<string> =>
  new Set([
    ...before.groups.filter((one) => one.name === transitionGroupName).map((one) => one.id),
    ...Object.values(prepared.groups).flatMap((one) => one.transition ?? []),
  ]);

const fail = (wrong: readonly string[], failures: readonly Failure[]): never => {
  const said = failures.map(({ id, error }) => `${id}: ${inWords(error)}`);
  const words = [...wrong, ...said].join('; ').slice(0, 800);
  const Kind = failures.some(({ error }) => isUnavailable(error))
    ? AwsUnavailableError
    : IsolationIncompleteError;
  throw new Kind(
    `Not every network interface is isolated: ${words}. Move the interfaces to the isolation group by hand now.`,
    { cause: failures[0]?.error },
  );
};

/** The groups as they are now; undefined where they cannot be read, and nothing may be opened. */
const readAgain = async (
  { clients, log }: IsolateDeps,
  interfaces: readonly NetworkInterface[],
): Promise<ReadonlyMap<string, readonly string[]> | undefined> => {
  try {
    return await readInterfaceGroups(
      clients.ec2,
      interfaces.map((one) => one.id),
    );
  } catch (error) {
    log.warn('the interfaces could not be read before the second run', { error: inWords(error) });
    return undefined;
  }
};

/**
 * Whether the run that isolated the instance said that open connections were cut too. Nobody can
 * read that back, so its word in the trail is all there is, and without it nothing is claimed.
 */
const wasCutCompletely = ({ instance, repeat }: Before): boolean =>
  repeat &&
  /^\S+ (?:done|already) .*\bcut=complete\b/.test(
    instance.tags['cordon:step:isolate-network'] ?? '',
  );

/**
 * The isolating change, rehearsed: into the isolation group of the interface's VPC where there is
 * one, because the policy lets only Cordon's groups be attached; else as a change of the
 * description, which asks for the same permission on the interface.
 */
const rehearsedChange = (
  { clients, settings }: IsolateDeps,
  { instance, groups }: Before,
  { id, vpcId }: NetworkInterface,
): Change => {
  const name = isolationGroupName(settings.isolationProfile);
  const group = groups.find(
    (one) => one.name === name && one.vpcId === vpcId && one.ownerId === instance.accountId,
  );
  const change = group === undefined ? { Description: { Value: '' } } : { Groups: [group.id] };
  return {
    call: 'ec2:ModifyNetworkInterfaceAttribute',
    resource: id,
    send: () =>
      clients.ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({
          NetworkInterfaceId: id,
          ...change,
          // Never without: this function only rehearses.
          DryRun: true,
        }),
      ),
  };
};

const rehearseCut = async (
  deps: IsolateDeps,
  { before }: IsolateInput,
): Promise<StepResult<PlanDetail>> => {
  const changes = movableInterfaces(before.instance).map((one) =>
    rehearsedChange(deps, before, one),
  );
  return { outcome: 'planned', detail: { calls: await rehearse(changes) } };
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
  deps: IsolateDeps,
  input: IsolateInput,
): Promise<StepResult<IsolationDetail | PlanDetail>> => {
  const { case: theCase, before, prepared } = input;
  if (theCase.dryRun) return rehearseCut(deps, input);
  const all = movableInterfaces(before.instance);
  const interfaces = all.filter((one) => prepared.groups[one.vpcId] !== undefined);
  const known =
    input.again === true ? await readAgain(deps, interfaces) : new Map<string, readonly string[]>();
  const asked = input.connectionCut ?? deps.settings.connectionCut;
  const connectionCut = known === undefined ? 'none' : asked;
  const transitionIds = transitionIdsOf(before, prepared);
  const cutting: Cutting = {
    deps,
    groupsNow: known ?? new Map(),
    cordonIds: new Set([
      ...transitionIds,
      ...before.groups.filter((one) => isIsolationGroupName(one.name)).map((one) => one.id),
    ]),
    transitionIds,
    connectionCut,
    // A refused detach is recorded by its own step, and never keeps the cut.
    detached: (input.detached ?? Promise.resolve()).catch(() => undefined),
  };
  const assessment = assessCut(deps, input, connectionCut);
  const cut: CutResult[] = [];
  const failures: Failure[] = [];
  await Promise.all(
    interfaces.map(async (one) => {
      try {
        const groups = prepared.groups[one.vpcId] as PreparedGroups;
        cut.push(await cutOff(cutting, one, groups));
      } catch (error) {
        failures.push({ id: one.id, error });
      }
    }),
  );
  const withoutGroup = all
    .filter((one) => prepared.groups[one.vpcId] === undefined)
    .map((one) => `${one.id} has no isolation group in ${one.vpcId}`);
  const { at, wrong } = await readBack(
    deps,
    cut.map(({ one }) => one),
  );
  if (failures.length > 0 || wrong.length > 0 || withoutGroup.length > 0) {
    fail([...wrong, ...withoutGroup], failures);
  }
  const { cut: byRoutes, risks } = await assessment;
  const untransitioned = cut.filter(({ transitionError }) => transitionError !== undefined);
  const transitionRisks: ResidualRisk[] =
    untransitioned.length === 0
      ? []
      : [
          transitionFailed(
            untransitioned.map(({ one }) => one.id),
            inWords(untransitioned[0]?.transitionError),
          ),
        ];
  const preparedWithoutTransition =
    connectionCut === 'transition' &&
    interfaces.some((one) => prepared.groups[one.vpcId]?.transition === undefined) &&
    cut.some(({ one }) => one.outcome === 'isolated');
  const found = cut.filter(({ one }) => one.outcome === 'already').map(({ one }) => one.id);
  const doubtful = found.length > 0 && !wasCutCompletely(before) ? [foundIsolated(found)] : [];
  const oldFlowsMayLive =
    transitionRisks.length > 0 || preparedWithoutTransition || doubtful.length > 0;
  const running = before.instance.state !== 'stopped';
  return {
    outcome: cut.every(({ one }) => one.outcome === 'already') ? 'already' : 'done',
    detail: {
      interfaces: cut.map(({ one }) => one),
      isolatedAt: at.toISOString(),
      cut: oldFlowsMayLive && running ? 'new-flows-only' : byRoutes,
      openMilliseconds: Math.max(0, ...cut.map(({ openMilliseconds }) => openMilliseconds)),
      risks: [...risks, ...transitionRisks, ...(running ? doubtful : [])],
    },
  };
};
