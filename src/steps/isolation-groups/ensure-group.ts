import type { Deps } from '../../aws/clients.ts';
import { inWords } from '../../aws/errors.ts';
import type { RefusedRule } from '../../aws/group-changes.ts';
import {
  authorizeRules,
  createGroup,
  readGroupUsers,
  revokeRules,
} from '../../aws/group-changes.ts';
import type { Patience } from '../../aws/insist.ts';
import { insist } from '../../aws/insist.ts';
import { groupRoleTag, readGroupsById, readGroupsByName } from '../../aws/security-groups.ts';
import { writeTags } from '../../aws/tags.ts';
import { isCaseIdOf } from '../../case/case.ts';
import { compareRules, defaultEgress, isCordonGroupName } from '../../case/isolation-group.ts';
import type { Rule, SecurityGroup } from '../../case/security-group.ts';
import { describeRule, rulesWithout } from '../../case/security-group.ts';
import { caseTag } from '../../trail/instance-tags.ts';

export type GroupDeps = Deps<'ec2'>;

/** Where a group is wanted, and what is known of Cordon's groups already. */
export interface Place {
  readonly vpcId: string;
  readonly accountId: string;
  readonly known: readonly SecurityGroup[];
  /** Takes the ids of the groups that are made, which AWS may not show everywhere yet. */
  readonly made: string[];
  /** Told when a group has its place in the account's quota of groups. */
  readonly onPlace?: () => void;
}

export interface Wanted {
  readonly name: string;
  readonly role: 'isolation' | 'transition';
  /** A promise where they are still being found out while the group is made. */
  readonly rules: readonly Rule[] | Promise<readonly Rule[]>;
  readonly description: string;
  /** Told of rules that AWS would not add. */
  readonly onRefused?: (refused: readonly RefusedRule[]) => void;
  /**
   * Set where rules that EC2 says it has added need not be read, which saves the cut a round trip;
   * with `ipv6`, those of IPv6 as well.
   */
  readonly trustAnswers?: { readonly ipv6: boolean };
}

/** A group as read, asked for again while AWS does not show it yet; waits add up to 3 seconds. */
const readWaits = [0, 100, 200, 400, 800, 1_500] as const;

/** Reads a group until it is right; at the end, what was read last. */
export const readUntil = async (
  { clients, clock }: GroupDeps,
  groupId: string,
  isRight: (group: SecurityGroup) => boolean,
): Promise<SecurityGroup | undefined> => {
  let group: SecurityGroup | undefined;
  for (const milliseconds of readWaits) {
    if (milliseconds > 0) await clock.sleep(milliseconds);
    [group] = await readGroupsById(clients.ec2, [groupId]);
    if (group !== undefined && isRight(group)) return group;
  }
  return group;
};

const matches = (wanted: readonly Rule[]) => (group: SecurityGroup) => {
  const { excess, missing } = compareRules(group, wanted);
  return excess.length === 0 && missing.length === 0;
};

const words = (rules: readonly Rule[]): string => rules.map(describeRule).join(', ');

const isOurs = (group: SecurityGroup, place: Place, name: string): boolean =>
  group.vpcId === place.vpcId && group.ownerId === place.accountId && group.name === name;

/**
 * IAM lets the isolating function attach only groups with this tag, so it must be there. Cordon's
 * own roles may write it only on groups that they make: a tag on any group would open it to them.
 */
const restoreRole = async (
  { clients, log }: GroupDeps,
  group: SecurityGroup,
  role: Wanted['role'],
): Promise<boolean> => {
  if (group.role === role) return true;
  log.warn('the role tag of a group was missing and is restored', { groupId: group.id, role });
  try {
    await writeTags(clients.ec2, [group.id], { [groupRoleTag]: role });
    return true;
  } catch (error) {
    log.warn('the role tag of a group could not be written', { error: inWords(error) });
    return false;
  }
};

/** The rules that are left to be seen, without those that AWS would not add. */
const noteRefused = (
  { log }: GroupDeps,
  groupId: string,
  { onRefused }: Wanted,
  rules: readonly Rule[],
  refused: readonly RefusedRule[],
): readonly Rule[] => {
  if (refused.length === 0) return rules;
  for (const { rule, words: why } of refused) {
    log.error('a rule was refused and is left out', { groupId, rule: describeRule(rule), why });
  }
  onRefused?.(refused);
  return rulesWithout(
    rules,
    refused.map(({ rule }) => rule),
  );
};

/** Making a group: a second try finds it made, and by its name. */
const creating: Patience = { each: 3_000, all: 7_000 };

const create = async (
  deps: GroupDeps,
  place: Place,
  wanted: Wanted,
  isRight: (rules: readonly Rule[]) => (group: SecurityGroup) => boolean,
): Promise<SecurityGroup | undefined> => {
  const { clients, clock } = deps;
  const [groupId, rules] = await Promise.all([
    insist(clock, creating, () => createGroup(clients.ec2, { vpcId: place.vpcId, ...wanted })),
    wanted.rules,
  ]);
  if (groupId === undefined) return undefined;
  place.onPlace?.();
  place.made.push(groupId);
  const group = { groupId, fresh: true, ipv6: wanted.trustAnswers?.ipv6 ?? false };
  const [refused] = await Promise.all([
    authorizeRules(clients.ec2, clock, group, rules),
    revokeRules(clients.ec2, clock, group, rulesWithout(defaultEgress, rules)),
  ]);
  if (wanted.trustAnswers !== undefined && refused.length === 0) {
    const { name, role } = wanted;
    return { id: groupId, name, vpcId: place.vpcId, ownerId: place.accountId, rules, role };
  }
  return readUntil(deps, groupId, isRight(noteRefused(deps, groupId, wanted, rules, refused)));
};

/** The group that somebody else just made: it becomes visible, and gets its rules, in a moment. */
const findDuplicate = async (
  { clients, clock }: GroupDeps,
  place: Place,
  name: string,
): Promise<SecurityGroup | undefined> => {
  for (const milliseconds of readWaits) {
    if (milliseconds > 0) await clock.sleep(milliseconds);
    const found = await readGroupsByName(clients.ec2, place.vpcId, [name]);
    const ours = found.find((group) => isOurs(group, place, name));
    if (ours !== undefined) return ours;
  }
  return undefined;
};

/**
 * The group as it is known, just made, or just made by somebody else; undefined where it has lost
 * its role tag and cannot be given it again.
 */
export const findOrCreate = async (
  deps: GroupDeps,
  place: Place,
  wanted: Wanted,
  isRight: (rules: readonly Rule[]) => (group: SecurityGroup) => boolean,
): Promise<SecurityGroup | undefined> => {
  const found =
    place.known.find((group) => isOurs(group, place, wanted.name)) ??
    (await create(deps, place, wanted, isRight)) ??
    (await findDuplicate(deps, place, wanted.name));
  if (found === undefined) return undefined;
  return (await restoreRole(deps, found, wanted.role)) ? found : undefined;
};

/**
 * A group may be repaired only where nobody but contained instances is behind it: an interface
 * that is not of an open case may serve somebody, and taking its rules away would cut that off.
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
      ...(onRefused === undefined ? {} : { onRefused }),
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
