import { giveUpAfter } from '../../../aws/deadline.ts';
import { inWords } from '../../../aws/errors.ts';
import { readGroupsById, readReferencingGroups } from '../../../aws/security-groups.ts';
import type { Before, NetworkInterface } from '../../../case/before.ts';
import { IsolationGroupUnavailableError } from '../../../case/errors.ts';
import {
  isCordonGroupName,
  isSharedGroupName,
  seemsClosed,
} from '../../../case/isolation-group.ts';
import { cloneOf, originalsBehindClones, originalsOf } from '../../../case/original-groups.ts';
import type { ResidualRisk } from '../../../case/risk.ts';
import {
  accessRefused,
  referencesLost,
  referencesUnread,
} from '../../../case/risks/isolation-groups.ts';
import { allowancesOf } from '../../../settings/settings.ts';
import type { GroupDeps, Place } from './find-or-create.ts';
import { ensureLockdownGroup } from './lockdown-group.ts';
import { ensureSharedGroup } from './shared-group.ts';
import type { Targets } from './shared-targets.ts';

/** What relied on the groups is only told: the cut does not wait longer for it, in milliseconds. */
const longestForReferences = 3_000;

/** What relied on a rule that names an original group, which the host leaves. */
const readLostReferences = async (
  { clients }: GroupDeps,
  ids: readonly string[],
): Promise<readonly ResidualRisk[]> => {
  try {
    const names = (await readReferencingGroups(clients.ec2, ids))
      .filter((group) => !isCordonGroupName(group.name))
      .map((group) => `${group.id} (${group.name})`);
    return names.length > 0 ? [referencesLost(names)] : [];
  } catch (error) {
    return [referencesUnread(inWords(error))];
  }
};

/**
 * Under `egress-lockdown`: one clone per original group. An interface that is cut off stays so,
 * and one that is in the clone of a group that has gone keeps it.
 *
 * @throws IsolationGroupUnavailableError when the rules of a group cannot be read.
 * @throws what ensureLockdownGroup throws.
 */
export const prepareLockdownGroups = async (
  deps: GroupDeps,
  place: Place,
  interfaces: readonly NetworkInterface[],
  before: Before,
  risks: ResidualRisk[],
): Promise<Targets> => {
  const ids = [...new Set(interfaces.flatMap((one) => originalsBehindClones(one, before)))];
  const [originals, lost] = await Promise.all([
    readGroupsById(deps.clients.ec2, ids),
    giveUpAfter(deps.clock, longestForReferences, () => readLostReferences(deps, ids)),
  ]);
  risks.push(...lost);
  const isKnown = (id: string) => originals.some((one) => one.id === id);
  const unread = interfaces.flatMap((one) => originalsOf(one, before)).filter((id) => !isKnown(id));
  if (unread.length > 0) {
    throw new IsolationGroupUnavailableError(
      `The rules of ${[...new Set(unread)].join(', ')} cannot be read, so they cannot be cloned without their way out: contain the instance under the profile full.`,
    );
  }
  const clones = new Map(
    await Promise.all(
      originals.map(async (one) => {
        const { group, refused } = await ensureLockdownGroup(deps, place, one);
        if (refused.length > 0) risks.push(accessRefused(refused));
        return [one.id, group.id] as const;
      }),
    ),
  );
  const allowances = allowancesOf(deps.settings);
  const targetOf = async (one: NetworkInterface): Promise<readonly string[]> => {
    const wanted = originalsBehindClones(one, before).flatMap((id) => {
      const orphan = cloneOf(id, one, before);
      const kept = orphan !== undefined && seemsClosed(orphan, allowances) ? orphan.id : undefined;
      return clones.get(id) ?? kept ?? [];
    });
    if (wanted.length > 0) return wanted;
    const cutOff = before.groups.some(
      (group) => isSharedGroupName(group.name) && one.groupIds.includes(group.id),
    );
    return cutOff ? one.groupIds : [(await ensureSharedGroup(deps, place, 'full', [])).id];
  };
  return new Map(
    await Promise.all(
      interfaces.map(async (one) => [one.id, { isolation: await targetOf(one) }] as const),
    ),
  );
};
