import { ModifyNetworkInterfaceAttributeCommand } from '@aws-sdk/client-ec2';
import type { Deps } from '../../aws/clients.ts';
import { codeOf, inWords, isUnavailable } from '../../aws/errors.ts';
import type { NetworkInterface } from '../../case/before.ts';
import type { IsolatedInterface, PreparedGroups } from '../../case/details.ts';
import { isSameSet } from '../../case/same-set.ts';

/** The longest that one interface's isolating change is tried, in milliseconds. */
const isolationBudget = 40_000;

/** The longest that opening an interface is tried, in milliseconds: the cut waits behind it. */
const transitionBudget = 5_000;

/** A group that was just made may be unknown to the interface's endpoint for a moment. */
const propagationWait = 300;

const setGroups = async (
  { clients }: Deps<'ec2'>,
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
  deps: Deps<'ec2'>,
  interfaceId: string,
  groupIds: readonly string[],
): Promise<void> => {
  const deadline = deps.clock.now().getTime() + isolationBudget;
  const hanging = AbortSignal.timeout(isolationBudget);
  for (;;) {
    try {
      await setGroups(deps, interfaceId, groupIds, hanging);
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

/** What all interfaces of a case share on their way out. */
export interface Cutting {
  readonly deps: Deps<'ec2'>;
  readonly groupsNow: ReadonlyMap<string, readonly string[]>;
  /** Interfaces in these and nothing else are not opened: they are cut off. */
  readonly isolatingIds: ReadonlySet<string>;
  readonly transitionIds: ReadonlySet<string>;
  readonly connectionCut: 'transition' | 'none';
}

export interface CutResult {
  readonly one: IsolatedInterface;
  readonly openMilliseconds: number;
  readonly transitionError?: unknown;
  /** True where the interface went straight to isolation, and not out of Cordon's transition. */
  readonly straight?: true;
}

/**
 * One interface through transition (unless it must not) to isolation. An isolated interface is never
 * opened again, and one that is found open goes straight to isolation.
 *
 * @throws what EC2 answers to the isolating change, when its time is up or it is denied.
 */
export const cutOff = async (
  { deps, groupsNow, isolatingIds, transitionIds, connectionCut }: Cutting,
  networkInterface: NetworkInterface,
  groups: PreparedGroups,
): Promise<CutResult> => {
  const { id } = networkInterface;
  const from = groupsNow.get(id) ?? networkInterface.groupIds;
  const base = { id, from, to: groups.isolation };
  if (isSameSet(from, groups.isolation)) {
    return { one: { ...base, outcome: 'already' }, openMilliseconds: 0 };
  }
  const found = from.some((group) => transitionIds.has(group));
  // One group beside Cordon's is a way in and out: such an interface is not cut off.
  const cutOffAlready = from.length > 0 && from.every((group) => isolatingIds.has(group));
  const opened = deps.clock.now().getTime();
  let open = found;
  let transitionError: unknown;
  if (
    groups.transition !== undefined &&
    connectionCut === 'transition' &&
    !found &&
    !cutOffAlready
  ) {
    try {
      await setGroups(deps, id, [groups.transition], AbortSignal.timeout(transitionBudget));
      open = true;
      await deps.clock.sleep(deps.settings.transitionHoldSeconds * 1_000);
    } catch (error) {
      transitionError = error;
      // Without an answer it may be open all the same.
      open = isUnavailable(error);
    }
  }
  await isolateAtAnyCost(deps, id, groups.isolation);
  // Cordon leaves an interface in transition alone: beside another group somebody else put it there.
  const wentThrough = open && (!found || from.every((group) => transitionIds.has(group)));
  return {
    one: { ...base, outcome: 'isolated' },
    openMilliseconds: open ? deps.clock.now().getTime() - opened : 0,
    ...(transitionError === undefined ? {} : { transitionError }),
    ...(wentThrough || transitionError !== undefined ? {} : { straight: true as const }),
  };
};
