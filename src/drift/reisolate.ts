import type { Deps } from '../aws/clients.ts';
import { readCordonGroups } from '../aws/security-groups.ts';
import type { Before, NetworkInterface } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import { isCaseIdOf } from '../case/case.ts';
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

/** Attached after the cut: it bears the tag of no case of the instance, and no group of Cordon's. */
export const isNew = (found: FoundCase, { id, groupIds }: NetworkInterface): boolean => {
  const own = new Set(
    found.before.groups.filter(({ name }) => isCordonGroupName(name)).map((group) => group.id),
  );
  return (
    !isCaseIdOf(tagsOf(found, id)[caseTag] ?? '', found.case.instanceId) &&
    !groupIds.some((one) => own.has(one))
  );
};

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
