import type { Deps } from '../aws/clients.ts';
import { readCordonGroups } from '../aws/security-groups.ts';
import type { Before, NetworkInterface } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import { caseBegan, isCaseIdOf } from '../case/case.ts';
import type { PrepareDetail } from '../case/details.ts';
import { isCordonGroupName, isIsolationGroupName } from '../case/isolation-group.ts';
import { isolateNetwork } from '../steps/isolate-network.ts';
import { prepareIsolation } from '../steps/prepare-isolation.ts';
import { caseTag } from '../trail/instance-tags.ts';
import { originalGroupsTag } from '../trail/original-groups.ts';
import type { FoundCase } from '../verify-case.ts';

/** The interfaces that are not in isolation groups only. */
export const openInterfaces = ({ before }: FoundCase): readonly NetworkInterface[] => {
  const isolating = new Set(
    before.groups.filter(({ name }) => isIsolationGroupName(name)).map(({ id }) => id),
  );
  return movableInterfaces(before.instance).filter(
    ({ groupIds }) => groupIds.length === 0 || !groupIds.every((id) => isolating.has(id)),
  );
};

const tagsOf = ({ interfaceTags }: FoundCase, id: string) => interfaceTags.get(id) ?? {};

/** An id is rounded down to ten minutes, and the cut follows within them; in milliseconds. */
const longestUntilCut = 1_200_000;

/**
 * Attached after the cut: AWS says so, or it bears the tag of no case of the instance; and it is in
 * no group of Cordon's.
 */
export const isNew = (found: FoundCase, one: NetworkInterface): boolean => {
  const own = new Set(
    found.before.groups.filter(({ name }) => isCordonGroupName(name)).map((group) => group.id),
  );
  if (one.groupIds.some((id) => own.has(id))) return false;
  const tagged = tagsOf(found, one.id)[caseTag] ?? '';
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
 * Whether more than the instance's own tags says that it was contained: an interface in a group of
 * Cordon's. A tag alone would let anybody who may tag have a healthy server cut off.
 */
export const isWitnessed = ({ before }: FoundCase): boolean => {
  const own = new Set(
    before.groups.filter(({ name }) => isCordonGroupName(name)).map((group) => group.id),
  );
  return before.instance.networkInterfaces.some(({ groupIds }) =>
    groupIds.some((id) => own.has(id)),
  );
};

/** Whether an interface bears the tag of a case of the instance, as the cut left it. */
export const isMarked = ({ case: { instanceId }, interfaceTags }: FoundCase): boolean =>
  [...interfaceTags.values()].some((tags) => isCaseIdOf(tags[caseTag] ?? '', instanceId));

/**
 * Isolates interfaces of a contained instance again. What they had before Cordon came stays as it
 * was written then; only an interface that is new has its groups written now.
 *
 * @throws what prepareIsolation and isolateNetwork throw.
 */
export const reisolate = async (
  deps: Deps<'ec2'>,
  found: FoundCase,
  interfaces: readonly NetworkInterface[],
): Promise<void> => {
  const groups = await readCordonGroups(deps.clients.ec2);
  const before: Before = {
    ...found.before,
    groups: groups.filter(({ ownerId }) => ownerId === found.case.accountId),
    instance: { ...found.before.instance, networkInterfaces: interfaces },
    repeat: false,
    recorded: interfaces
      .filter(({ id }) => tagsOf(found, id)[originalGroupsTag] !== undefined)
      .map(({ id }) => id),
  };
  const input = { case: found.case, before };
  deps.log.info('before', { caseId: found.case.caseId, before });
  const { detail } = await prepareIsolation(deps, input);
  await isolateNetwork(deps, { ...input, prepared: detail as PrepareDetail });
};
