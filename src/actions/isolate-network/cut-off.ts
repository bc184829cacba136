import type { Deps } from '../../aws/clients.ts';
import { isUnavailable } from '../../aws/errors.ts';
import type { NetworkInterface } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import { defined } from '../../case/defined.ts';
import type { IsolatedInterface, PreparedGroups } from '../../case/details.ts';
import { isSameSet } from '../../case/same-set.ts';
import type { GroupChange } from './change-groups.ts';
import { isolate, open as openInterface } from './change-groups.ts';
import type { GroupsNow } from './groups-now.ts';
import { seeTransition } from './see-transition.ts';

/** What the cut needs for every interface of a case. */
export interface Cutting {
  readonly deps: Deps<'ec2'>;
  readonly case: Case;
  /** By interface: the groups that an undo gives it. */
  readonly originals: Readonly<Record<string, readonly string[]>>;
  /** As read just before; an interface that is missing here is as it was described. */
  readonly groupsNow: GroupsNow;
  /** An interface that has only groups of this set is isolated already, so it is not opened. */
  readonly isolatingIds: ReadonlySet<string>;
  readonly transitionIds: ReadonlySet<string>;
  readonly connectionCut: 'transition' | 'none';
  /** Groups made in this run, which AWS may not show everywhere yet. */
  readonly made: ReadonlySet<string>;
}

export interface CutResult {
  readonly one: IsolatedInterface;
  readonly openMilliseconds: number;
  readonly transitionError?: unknown;
  /** True where the interface went straight to isolation, and not out of Cordon's transition. */
  readonly straight?: true;
  /** True where AWS accepted the transition, and it was not seen on the interface. */
  readonly unseen?: true;
}

/** One interface into other groups, with what is known of them. */
export const groupChange = (
  { made, originals }: Cutting,
  interfaceId: string,
  from: readonly string[],
  groupIds: readonly string[],
): GroupChange => ({
  interfaceId,
  from,
  groupIds,
  fresh: groupIds.some((group) => made.has(group)),
  ...defined({ originals: originals[interfaceId] }),
});

/**
 * One interface through transition (unless it must not) to isolation. An isolated interface is never
 * opened again, and one that is found open goes straight to isolation.
 *
 * @throws what EC2 answers to the isolating change, when its time is up or it is denied.
 */
export const cutOff = async (
  cutting: Cutting,
  networkInterface: NetworkInterface,
  groups: PreparedGroups,
): Promise<CutResult> => {
  const { deps, groupsNow, isolatingIds, transitionIds, connectionCut } = cutting;
  const { id } = networkInterface;
  const from = groupsNow.get(id) ?? networkInterface.groupIds;
  const base = { id, from, to: groups.isolation };
  if (isSameSet(from, groups.isolation)) {
    return { one: { ...base, outcome: 'already' }, openMilliseconds: 0 };
  }
  const found = from.some((group) => transitionIds.has(group));
  // An interface that also has a group of somebody else is reachable, so it is not isolated.
  const cutOffAlready = from.length > 0 && from.every((group) => isolatingIds.has(group));
  const transition = connectionCut === 'transition' ? groups.transition : undefined;
  const opened = deps.clock.now().getTime();
  let open = found;
  let transitionError: unknown;
  let seen: Promise<boolean> | undefined;
  const holdMilliseconds = deps.settings.transitionHoldSeconds * 1_000;
  let last = from;
  if (transition !== undefined && !found && !cutOffAlready) {
    const { isolation } = groups;
    try {
      await openInterface(deps, cutting.case, groupChange(cutting, id, from, [transition]));
      open = true;
      last = [transition];
      seen = seeTransition(deps, { interfaceId: id, transition, isolation, holdMilliseconds });
      await deps.clock.sleep(holdMilliseconds);
    } catch (error) {
      transitionError = error;
      // If the call got no answer, AWS may have opened the interface.
      open = isUnavailable(error);
    }
  }
  await isolate(deps, cutting.case, groupChange(cutting, id, last, groups.isolation));
  const closed = deps.clock.now().getTime();
  const unseen = (await seen) === false;
  // Cordon attaches the transition group on its own. If other groups are present, someone else attached it.
  const wentThrough = open && (!found || from.every((group) => transitionIds.has(group)));
  return {
    one: { ...base, outcome: 'isolated' },
    openMilliseconds: open ? closed - opened : 0,
    ...defined({ transitionError }),
    ...(wentThrough || transitionError !== undefined ? {} : { straight: true as const }),
    ...(unseen ? { unseen } : {}),
  };
};
