import { readGroupUsers } from '../../../aws/group-users.ts';
import { authorizeRules, revokeRules } from '../../../aws/rule-changes.ts';
import { isCaseIdOf } from '../../../case/case.ts';
import { defined } from '../../../case/defined.ts';
import { compareRules, isCordonGroupName } from '../../../case/isolation-group.ts';
import type { Rule, SecurityGroup } from '../../../case/security-group.ts';
import { caseTag } from '../../../record/trail/keys.ts';
import type { GroupDeps, Place, Wanted } from './find-or-create.ts';
import { findOrCreate, matches, noteRefused, readUntil, words } from './find-or-create.ts';

/**
 * Whether only contained instances use a group. Only such a group may be repaired: another interface
 * may serve clients, and removing the rules would cut it off.
 */
const isOnlyForCases = async ({ clients }: GroupDeps, group: SecurityGroup): Promise<boolean> => {
  const users = await readGroupUsers(clients.ec2, group.id);
  return users.every(
    ({ instanceId, tags, groupNames }) =>
      instanceId !== undefined &&
      isCaseIdOf(tags[caseTag] ?? '', instanceId) &&
      groupNames.every(isCordonGroupName),
  );
};

const repair = async (
  deps: GroupDeps,
  group: SecurityGroup,
  wanted: Wanted,
  rules: readonly Rule[],
  fresh: boolean,
): Promise<SecurityGroup | undefined> => {
  const { excess, missing } = compareRules(group, rules);
  deps.log.warn('the rules of a group are not as they should be and are repaired', {
    groupId: group.id,
    excess: words(excess),
    missing: words(missing),
  });
  const [refused] = await Promise.all([
    authorizeRules(deps.clients.ec2, deps.clock, { groupId: group.id, fresh }, missing),
    revokeRules(deps.clients.ec2, deps.clock, { groupId: group.id, fresh }, excess),
  ]);
  return readUntil(deps, group.id, matches(noteRefused(deps, group.id, wanted, rules, refused)));
};

/**
 * The group of this name, made or repaired, and read; undefined when it must be passed over,
 * because it lets something through and others are behind it.
 */
const ensureClosed = async (
  deps: GroupDeps,
  place: Place,
  wanted: Wanted,
): Promise<SecurityGroup | undefined> => {
  const found = await findOrCreate(deps, place, wanted, matches);
  if (found === undefined) return undefined;
  const rules = await wanted.rules;
  if (matches(rules)(found)) return found;
  const { excess } = compareRules(found, rules);
  if (excess.length > 0 && !(await isOnlyForCases(deps, found))) return undefined;
  // A group that is repaired needs no place in the quota any more.
  place.onPlace?.();
  const repaired = await repair(deps, found, wanted, rules, place.made.includes(found.id));
  // A rule that is still missing is no hole; anything in excess is.
  return repaired !== undefined && compareRules(repaired, rules).excess.length === 0
    ? repaired
    : undefined;
};

/** How many groups are tried, `cordon-isolation-full` to `cordon-isolation-full-9`. */
const suffixes = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** The first group of these names that lets nothing through but its rules; undefined if none does. */
export const firstClosed = async (
  deps: GroupDeps,
  place: Place,
  name: (suffix: number) => string,
  rules: Wanted['rules'],
  onRefused?: Wanted['onRefused'],
): Promise<SecurityGroup | undefined> => {
  for (const suffix of suffixes) {
    const group = await ensureClosed(deps, place, {
      name: name(suffix),
      role: 'isolation',
      rules,
      description: 'Cordon: isolates compromised instances. Do not add rules.',
      ...defined({ onRefused }),
    });
    if (group !== undefined) return group;
    deps.log.warn(
      'an isolation group was passed over: it is open and others are behind it, or has lost its tag',
      {
        vpcId: place.vpcId,
        name: name(suffix),
      },
    );
  }
  return undefined;
};
