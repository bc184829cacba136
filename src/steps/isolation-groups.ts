import type { Deps } from '../aws/clients.ts';
import { inWords } from '../aws/errors.ts';
import { authorizeRules, createGroup, readGroupUsers, revokeRules } from '../aws/group-changes.ts';
import { groupRoleTag, readGroupsById, readGroupsByName } from '../aws/security-groups.ts';
import { writeTags } from '../aws/tags.ts';
import { caseBegan } from '../case/case.ts';
import { IsolationGroupUnavailableError } from '../case/errors.ts';
import type { IsolationProfile } from '../case/isolation-group.ts';
import {
  compareRules,
  defaultEgress,
  isolationGroupName,
  isolationRules,
  transitionGroupName,
  transitionRules,
} from '../case/isolation-group.ts';
import type { Rule, SecurityGroup } from '../case/security-group.ts';
import { describeRule, rulesWithout } from '../case/security-group.ts';
import { caseTag } from '../trail/instance-tags.ts';

type GroupDeps = Deps<'ec2'>;

/** Where a group is wanted, and what is known of Cordon's groups already. */
export interface Place {
  readonly vpcId: string;
  readonly accountId: string;
  readonly known: readonly SecurityGroup[];
}

interface Wanted {
  readonly name: string;
  readonly role: 'isolation' | 'transition';
  readonly rules: readonly Rule[];
  readonly description: string;
}

/** A group as read, asked for again while AWS does not show it yet; waits add up to 3 seconds. */
const readWaits = [0, 100, 200, 400, 800, 1_500] as const;

const readUntil = async (
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

/** IAM lets the isolating function attach only groups with this tag, so it must be there. */
const restoreRole = async (
  { clients, log }: GroupDeps,
  group: SecurityGroup,
  role: Wanted['role'],
): Promise<void> => {
  if (group.role === role) return;
  log.warn('the role tag of a group was missing and is restored', { groupId: group.id, role });
  try {
    await writeTags(clients.ec2, [group.id], { [groupRoleTag]: role });
  } catch (error) {
    log.warn('the role tag of a group could not be written', { error: inWords(error) });
  }
};

const create = async (
  deps: GroupDeps,
  place: Place,
  wanted: Wanted,
  isRight: (group: SecurityGroup) => boolean,
): Promise<SecurityGroup | undefined> => {
  const { clients, clock } = deps;
  const groupId = await createGroup(clients.ec2, { vpcId: place.vpcId, ...wanted });
  if (groupId === undefined) return undefined;
  await Promise.all([
    revokeRules(clients.ec2, clock, groupId, rulesWithout(defaultEgress, wanted.rules)),
    authorizeRules(clients.ec2, clock, groupId, wanted.rules),
  ]);
  return readUntil(deps, groupId, isRight);
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
 * A group may be repaired only where nobody but contained instances is behind it: an interface
 * that is not of an open case may serve somebody, and taking its rules away would cut that off.
 */
const isOnlyForCases = async ({ clients }: GroupDeps, group: SecurityGroup): Promise<boolean> => {
  const users = await readGroupUsers(clients.ec2, group.id);
  return users.every(
    (user) => caseBegan(user.tags[caseTag] ?? '') !== undefined && user.groupIds.length === 1,
  );
};

const repair = async (
  deps: GroupDeps,
  group: SecurityGroup,
  wanted: Wanted,
): Promise<SecurityGroup | undefined> => {
  const { excess, missing } = compareRules(group, wanted.rules);
  deps.log.warn('the rules of a group are not as they should be and are repaired', {
    groupId: group.id,
    excess: words(excess),
    missing: words(missing),
  });
  await Promise.all([
    revokeRules(deps.clients.ec2, deps.clock, group.id, excess),
    authorizeRules(deps.clients.ec2, deps.clock, group.id, missing),
  ]);
  return readUntil(deps, group.id, matches(wanted.rules));
};

/**
 * The group of this name, made or repaired, and read; undefined when it must be passed over,
 * because it lets something through and others are behind it.
 */
const ensure = async (
  deps: GroupDeps,
  place: Place,
  wanted: Wanted,
): Promise<SecurityGroup | undefined> => {
  const found =
    place.known.find((group) => isOurs(group, place, wanted.name)) ??
    (await create(deps, place, wanted, matches(wanted.rules))) ??
    (await findDuplicate(deps, place, wanted.name));
  if (found === undefined) return undefined;
  await restoreRole(deps, found, wanted.role);
  if (matches(wanted.rules)(found)) return found;
  const { excess } = compareRules(found, wanted.rules);
  if (excess.length > 0 && !(await isOnlyForCases(deps, found))) return undefined;
  const repaired = await repair(deps, found, wanted);
  // A forensic rule that is still missing is no hole; anything in excess is.
  return repaired !== undefined && compareRules(repaired, wanted.rules).excess.length === 0
    ? repaired
    : undefined;
};

/** How many groups are tried, `cordon-isolation-full` to `cordon-isolation-full-9`. */
const suffixes = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/**
 * The isolation group of a VPC: found or made, its rules read and found to let nothing through
 * but what the profile allows.
 *
 * @throws IsolationGroupUnavailableError when every name is taken by a group that is open.
 */
export const ensureIsolationGroup = async (
  deps: GroupDeps,
  place: Place,
): Promise<SecurityGroup> => {
  const profile: IsolationProfile = deps.settings.isolationProfile;
  for (const suffix of suffixes) {
    const group = await ensure(deps, place, {
      name: isolationGroupName(profile, suffix),
      role: 'isolation',
      rules: isolationRules(profile, deps.settings.forensicCidrs),
      description: 'Cordon: isolates compromised instances. Do not add rules.',
    });
    if (group !== undefined) return group;
    deps.log.warn('an isolation group was passed over: it is open and others are behind it', {
      vpcId: place.vpcId,
      name: isolationGroupName(profile, suffix),
    });
  }
  throw new IsolationGroupUnavailableError(
    `No isolation group of ${place.vpcId} is closed: look at the rules of the groups cordon-isolation-${profile}*.`,
  );
};

/** True when the group makes every flow untracked, in each address family that is in use. */
const isOpen = (group: SecurityGroup, ipv6: boolean): boolean =>
  compareRules(group, transitionRules).missing.every((rule) => !ipv6 && rule.peer.kind === 'ipv6');

/**
 * The transition group of a VPC: all traffic, both directions, both families.
 *
 * @throws IsolationGroupUnavailableError when it cannot be brought into that form.
 */
export const ensureTransitionGroup = async (
  deps: GroupDeps,
  place: Place,
  ipv6: boolean,
): Promise<SecurityGroup> => {
  const wanted: Wanted = {
    name: transitionGroupName,
    role: 'transition',
    rules: transitionRules,
    description: 'Cordon: held for a moment, so that open connections become untracked.',
  };
  const found =
    place.known.find((group) => isOurs(group, place, wanted.name)) ??
    (await create(deps, place, wanted, (group) => isOpen(group, ipv6))) ??
    (await findDuplicate(deps, place, wanted.name));
  if (found !== undefined) {
    await restoreRole(deps, found, wanted.role);
    if (isOpen(found, ipv6)) return found;
    const { missing } = compareRules(found, transitionRules);
    await authorizeRules(deps.clients.ec2, deps.clock, found.id, missing);
    const again = await readUntil(deps, found.id, (group) => isOpen(group, ipv6));
    if (again !== undefined && isOpen(again, ipv6)) return again;
  }
  throw new IsolationGroupUnavailableError(
    `The group ${transitionGroupName} of ${place.vpcId} does not allow all traffic, so it cannot make flows untracked.`,
  );
};
