import type { Deps } from '../../../aws/clients.ts';
import { inWords } from '../../../aws/errors.ts';
import { createGroup } from '../../../aws/group-changes.ts';
import type { Patience } from '../../../aws/insist.ts';
import { insist } from '../../../aws/insist.ts';
import type { RefusedRule } from '../../../aws/rule-changes.ts';
import { authorizeRules, revokeRules } from '../../../aws/rule-changes.ts';
import { groupRoleTag, readGroupsById, readGroupsByName } from '../../../aws/security-groups.ts';
import { writeTags } from '../../../aws/tags.ts';
import { compareRules, defaultEgress, nameOfAccount } from '../../../case/isolation-group.ts';
import type { Rule, SecurityGroup } from '../../../case/security-group.ts';
import { describeRule, rulesWithout } from '../../../case/security-group.ts';

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

export const matches = (wanted: readonly Rule[]) => (group: SecurityGroup) => {
  const { excess, missing } = compareRules(group, wanted);
  return excess.length === 0 && missing.length === 0;
};

export const words = (rules: readonly Rule[]): string => rules.map(describeRule).join(', ');

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
export const noteRefused = (
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

/** Tells of the rules of a group whether they are right, once the rules wanted are known. */
type Judge = (rules: readonly Rule[]) => (group: SecurityGroup) => boolean;

/** A group that was made, as far as AWS shows it; or its name is taken, by whomever. */
type Creation = { readonly taken: true } | { readonly made: SecurityGroup | undefined };

const create = async (
  deps: GroupDeps,
  place: Place,
  wanted: Wanted,
  isRight: Judge,
): Promise<Creation> => {
  const { clients, clock } = deps;
  const [groupId, rules] = await Promise.all([
    insist(clock, creating, () => createGroup(clients.ec2, { vpcId: place.vpcId, ...wanted })),
    wanted.rules,
  ]);
  if (groupId === undefined) return { taken: true };
  place.onPlace?.();
  place.made.push(groupId);
  const group = { groupId, fresh: true, ipv6: wanted.trustAnswers?.ipv6 ?? false };
  const [refused] = await Promise.all([
    authorizeRules(clients.ec2, clock, group, rules),
    revokeRules(clients.ec2, clock, group, rulesWithout(defaultEgress, rules)),
  ]);
  if (wanted.trustAnswers !== undefined && refused.length === 0) {
    const { name, role } = wanted;
    return {
      made: { id: groupId, name, vpcId: place.vpcId, ownerId: place.accountId, rules, role },
    };
  }
  const shown = isRight(noteRefused(deps, groupId, wanted, rules, refused));
  return { made: await readUntil(deps, groupId, shown) };
};

/**
 * The group that somebody else has just made; it takes a moment to become visible and to get its
 * rules. Undefined if the group belongs to another owner: participants of a shared VPC may never see
 * it.
 */
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
    if (found.some((group) => group.name === name)) return undefined;
  }
  return undefined;
};

/** The group that was made, or was just made by somebody else, under the first name that is free. */
const make = async (
  deps: GroupDeps,
  place: Place,
  wanted: Wanted,
  isRight: Judge,
  names: readonly string[],
): Promise<SecurityGroup | undefined> => {
  for (const name of names) {
    const creation = await create(deps, place, { ...wanted, name }, isRight);
    if ('made' in creation) return creation.made;
    const met = await findDuplicate(deps, place, name);
    if (met !== undefined) return met;
    deps.log.warn('the name of a group is taken by another owner', { vpcId: place.vpcId, name });
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
  isRight: Judge,
): Promise<SecurityGroup | undefined> => {
  const names = [wanted.name, nameOfAccount(wanted.name, place.accountId)];
  const known = names.flatMap((name) => place.known.filter((one) => isOurs(one, place, name)));
  const found = known[0] ?? (await make(deps, place, wanted, isRight, names));
  if (found === undefined) return undefined;
  return (await restoreRole(deps, found, wanted.role)) ? found : undefined;
};
