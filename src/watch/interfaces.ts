import type { NetworkInterface } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import { caseBegan, isCaseIdOf } from '../case/case.ts';
import {
  isCordonGroupName,
  isIsolationGroupName,
  isTransitionGroupName,
} from '../case/isolation-group.ts';
import type { FoundCase } from '../find-case.ts';
import { caseTag } from '../record/trail/keys.ts';
import { readOriginalGroups } from '../record/trail/original-groups.ts';

/** The ids of the account's groups whose name fits. */
const groupsNamed = ({ before }: FoundCase, fits: (name: string) => boolean): ReadonlySet<string> =>
  new Set(before.groups.filter(({ name }) => fits(name)).map(({ id }) => id));

/** The interfaces that are in isolation groups only. */
const isIsolated = (found: FoundCase, { groupIds }: NetworkInterface): boolean => {
  const isolating = groupsNamed(found, isIsolationGroupName);
  return groupIds.length > 0 && groupIds.every((id) => isolating.has(id));
};

/** The interfaces that are not in isolation groups only. */
export const openInterfaces = (found: FoundCase): readonly NetworkInterface[] =>
  movableInterfaces(found.before.instance).filter((one) => !isIsolated(found, one));

export const isolatedInterfaces = (found: FoundCase): readonly NetworkInterface[] =>
  movableInterfaces(found.before.instance).filter((one) => isIsolated(found, one));

const isInCordonGroup = (found: FoundCase, one: NetworkInterface): boolean => {
  const own = groupsNamed(found, isCordonGroupName);
  return one.groupIds.some((id) => own.has(id));
};

/** In the transition group and nothing else: on its way, or left there. */
export const isInTransition = (found: FoundCase, { groupIds }: NetworkInterface): boolean => {
  const transition = groupsNamed(found, isTransitionGroupName);
  return groupIds.length > 0 && groupIds.every((id) => transition.has(id));
};

/** The case that an interface's tags name, with the groups it had; undefined where they name none. */
export const rememberedCase = (found: FoundCase, { id }: NetworkInterface): string | undefined => {
  const tags = found.interfaceTags.get(id) ?? {};
  const tagged = tags[caseTag] ?? '';
  return isCaseIdOf(tagged, found.case.instanceId) && readOriginalGroups(tags).length > 0
    ? tagged
    : undefined;
};

/** An id is rounded down to ten minutes, and the cut follows within them; in milliseconds. */
const longestUntilCut = 1_200_000;

/**
 * Attached after the cut: AWS says so, or it bears the tag of no case of the instance; and it is in
 * no group of Cordon's.
 */
export const isNew = (found: FoundCase, one: NetworkInterface): boolean => {
  if (isInCordonGroup(found, one)) return false;
  const tagged = found.interfaceTags.get(one.id)?.[caseTag] ?? '';
  if (!isCaseIdOf(tagged, found.case.instanceId)) return true;
  // The earlier of what the interface and what the instance say: a later one would hide it.
  const began = Math.min(
    ...[tagged, found.case.caseId].map(
      (id) => caseBegan(id)?.getTime() ?? Number.POSITIVE_INFINITY,
    ),
  );
  return one.attachedAt !== undefined && Date.parse(one.attachedAt) > began + longestUntilCut;
};

/**
 * An interface in a group of Cordon's that remembers the case which the instance names. A group
 * alone proves nothing, because whoever may attach an interface chooses its groups, and its tags
 * when it is made; nor do tags alone.
 */
export const witnessOf = (found: FoundCase, namedCase: string): NetworkInterface | undefined =>
  found.before.instance.networkInterfaces.find(
    (one) => isInCordonGroup(found, one) && rememberedCase(found, one) === namedCase,
  );
