import type { Deps } from '../../aws/clients.ts';
import type { Ec2Reader } from '../../aws/readers/reader.ts';
import type { Instance, NetworkInterface } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import { isBranch } from '../../case/container-network.ts';
import type { Observation } from '../../case/control.ts';
import { isolationGroupKind } from '../../case/isolation-group.ts';
import type { IsolationProfile } from '../../case/isolation-profile.ts';
import { keepsServing } from '../../case/isolation-profile.ts';
import { reachOf } from '../../case/reach.ts';
import type { SecurityGroup } from '../../case/security-group.ts';
import { describeRule, inOrder } from '../../case/security-group.ts';
import { excessOf, readMeasure } from './excess.ts';

/** An interface that only AWS can move is open, though everything that can be moved is not. */
const groupsHold = (movable: number, outside: number, stuck: number): Observation['holds'] => {
  if (movable === 0 || outside > 0) return false;
  return stuck === 0 ? true : 'unknown';
};

const unmoved = (stuck: readonly NetworkInterface[]): string =>
  stuck.length === 0
    ? ''
    : `; ${stuck.map((one) => one.id).join(', ')} can be moved by nobody but AWS, and is open`;

/**
 * Why the groups of the instance's own interfaces do not say that all on it is isolated: branches of
 * pods or tasks that are open, or that could not be read. Undefined where there is no such doubt.
 */
const branchDoubt = (
  { branchesUnread }: Instance,
  open: readonly NetworkInterface[],
): string | undefined => {
  if (branchesUnread !== undefined) {
    return `the branch interfaces of its trunks could not be read: ${branchesUnread}`;
  }
  if (open.length === 0) return undefined;
  const words = open.map(({ id, groupIds }) => `${id} in ${groupIds.join(' ') || 'no group'}`);
  return `branch interfaces are not isolated: ${words.join('; ')}`;
};

/** The groups that an interface had before the case, as far as anything remembers them. */
export type Remembered = (interfaceId: string) => readonly string[];

/**
 * Whether this group may guard an interface of the instance under the profile. A clone counts for
 * an interface that had its original: anybody may give a group the name of a clone.
 */
const guards = (
  group: SecurityGroup | undefined,
  { id, vpcId, groupIds }: NetworkInterface,
  instance: Instance,
  profile: IsolationProfile,
  remembered: Remembered,
): boolean => {
  const is = isolationGroupKind(group?.name ?? '');
  if (group === undefined || is === undefined) return false;
  if (group.vpcId !== vpcId || group.ownerId !== instance.accountId) return false;
  return is.kind === 'egress-lockdown'
    ? keepsServing(profile) && remembered(id).includes(is.original)
    : groupIds.length === 1;
};

const byId = (a: SecurityGroup, b: SecurityGroup): number => (a.id < b.id ? -1 : 1);

/** Who guards the interfaces of an instance, as it was read. */
interface Guarded {
  readonly instance: Instance;
  /** The interfaces that are judged: all that can be moved, but for open branches. */
  readonly interfaces: readonly NetworkInterface[];
  /** Of these, those that a group of somebody else guards, or none. */
  readonly outside: readonly NetworkInterface[];
  /** The groups of the interfaces that are judged. */
  readonly groups: readonly SecurityGroup[];
  /** Why it is not certain that no branch is open. */
  readonly doubt: string | undefined;
  /** A group by its id, with its name where it is known. */
  readonly named: (id: string) => string;
}

const whoGuards = async (
  ec2: Ec2Reader,
  instance: Instance,
  profile: IsolationProfile,
  remembered: Remembered,
): Promise<Guarded> => {
  const movable = movableInterfaces(instance);
  const ids = [...new Set(movable.flatMap((one) => one.groupIds))];
  const read = (await ec2.groups(ids)).toSorted(byId);
  const groupOf = (id: string) => read.find((one) => one.id === id);
  const unguarded = movable.filter(
    (one) =>
      one.groupIds.length === 0 ||
      !one.groupIds.every((id) => guards(groupOf(id), one, instance, profile, remembered)),
  );
  // An open branch is a pod's or a task's: a doubt about the host, not an open host.
  const openBranches = unguarded.filter((one) => isBranch(one));
  const interfaces = movable.filter((one) => !openBranches.includes(one));
  return {
    instance,
    interfaces,
    outside: unguarded.filter((one) => !isBranch(one)),
    groups: read.filter(({ id }) => interfaces.some(({ groupIds }) => groupIds.includes(id))),
    doubt: branchDoubt(instance, openBranches),
    named: (id) => {
      const name = groupOf(id)?.name;
      return name === undefined ? id : `${id} (${name})`;
    },
  };
};

const groupsObservation = ({
  instance,
  interfaces,
  outside,
  groups,
  doubt,
  named,
}: Guarded): Observation => {
  const stuck = instance.networkInterfaces.filter((one) => one.requesterManaged);
  const doubts = stuck.length + (doubt === undefined ? 0 : 1);
  const observed = (): string => {
    if (interfaces.length === 0) return 'no network interface that could be isolated';
    if (outside.length > 0) {
      return outside
        .map((one) => `${one.id} in ${one.groupIds.map(named).join(' ') || 'no group'}`)
        .join('; ');
    }
    const ids = interfaces.map((one) => one.id).join(', ');
    const its = groups.map(({ id }) => named(id)).join(', ');
    return `${ids} only in ${its}${unmoved(stuck)}${doubt === undefined ? '' : `; ${doubt}`}`;
  };
  return {
    control: 'eni-groups',
    holds: groupsHold(interfaces.length, outside.length, doubts),
    observed: observed(),
  };
};

const rulesObservation = (
  { interfaces, outside, groups, named }: Guarded,
  open: readonly string[],
): Observation => ({
  control: 'group-rules',
  holds: outside.length === 0 && interfaces.length > 0 && open.length === 0,
  observed:
    open.length > 0
      ? open.join('; ')
      : outside.length > 0
        ? 'not every interface is in an isolation group'
        : groups.map((group) => `${named(group.id)}: ${reachOf(group.rules)}`).join('; '),
});

/** `eni-groups` and `group-rules`: who guards the interfaces, and what the guards let through. */
export const readNetwork = async (
  deps: Deps,
  ec2: Ec2Reader,
  instance: Instance,
  profile: IsolationProfile,
  remembered: Remembered,
): Promise<readonly Observation[]> => {
  const guarded = await whoGuards(ec2, instance, profile, remembered);
  const { interfaces, groups } = guarded;
  const measure = await readMeasure(deps, ec2, interfaces, groups);
  const open = groups.flatMap((group) => {
    const users = interfaces.filter(({ groupIds }) => groupIds.includes(group.id));
    return inOrder(excessOf(group, users, measure, deps)).map(
      (rule) => `${group.id} allows ${describeRule(rule)}`,
    );
  });
  return [groupsObservation(guarded), rulesObservation(guarded, open)];
};
