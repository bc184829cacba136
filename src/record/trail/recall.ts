import type {
  Before,
  IdleTimeouts,
  Instance,
  Membership,
  NetworkInterface,
  Registration,
} from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import { defined } from '../../case/defined.ts';
import type { Former, FormerInterface, Recollection } from '../../case/former.ts';
import { originalsOf } from '../../case/original-groups.ts';
import { isSameSet } from '../../case/same-set.ts';
import { beforeAddressesTag, readAddresses } from './before-addresses.ts';
import { beforeBalancerPrefix, readBalancer } from './before-balancer.ts';
import { beforeHostTag, readHost } from './before-host.ts';
import { beforeIdleTimeoutsTag, readIdleTimeouts } from './before-idle-timeouts.ts';
import { beforeMembershipTag, readMembership } from './before-membership.ts';
import { beforeProcessesTag, readProcesses } from './before-processes.ts';
import { beforeProfileTag, readProfile } from './before-profile.ts';
import { beforeProtectTag, readProtect } from './before-protect.ts';
import { beforeRulesTag, readRules } from './before-rules.ts';
import { beforeTargetPrefix, readTarget } from './before-target.ts';
import { beforeVolumeTag, readVolume } from './before-volume.ts';
import { readNumbered } from './numbered.ts';
import type { OpenCase } from './open-case.ts';
import { isInCordonGroup } from './open-case.ts';
import { readOriginalGroups } from './original-groups.ts';
import { numberedIn } from './registration-tags.ts';
import { remembered } from './remembered.ts';
import type { Tags } from './tags.ts';

const presentMembership = ({ autoScaling }: Before): Membership | undefined =>
  autoScaling.known ? autoScaling.membership : undefined;

/** The remembered place in a group, with what is known of the group now. */
const formerMembership = (before: Before, tags: Tags): Membership | undefined => {
  const now = presentMembership(before);
  const then = readMembership(tags[beforeMembershipTag] ?? '');
  if (then === undefined) return now;
  return now?.groupName === then.groupName
    ? { ...now, ...then }
    : { ...then, targetGroupArns: [], loadBalancerNames: [] };
};

const formerTargets = (instance: Instance, tags: Tags): readonly Registration[] =>
  readNumbered(tags, beforeTargetPrefix).flatMap((value) => readTarget(value, instance) ?? []);

const idleTimeoutsThen = (
  { idleTimeouts = {} }: NetworkInterface,
  tags: Tags,
): { readonly idleTimeouts: IdleTimeouts } => ({
  idleTimeouts: readIdleTimeouts(tags[beforeIdleTimeoutsTag] ?? '') ?? idleTimeouts,
});

const formerInterface = (before: Before, one: NetworkInterface, tags: Tags): FormerInterface => {
  const own = new Set(
    before.groups.filter(({ name }) => name.startsWith('cordon-')).map(({ id }) => id),
  );
  const then = readOriginalGroups(tags).filter((id) => !own.has(id));
  const groups = then.length > 0 ? then : originalsOf(one, before);
  const addresses = readAddresses(tags[beforeAddressesTag] ?? '');
  const rules = readRules(tags[beforeRulesTag] ?? '');
  return {
    ...(groups.length === 0 ? {} : { groups }),
    ...(rules === undefined || then.length === 0 ? {} : { rules }),
    ...idleTimeoutsThen(one, tags),
    ...defined({ addresses }),
  };
};

/** What was found in a run of which nothing is remembered. */
export const formerAsFound = (before: Before): Former => formerWith(before, {}, before.repeat);

const formerWith = (
  before: Before,
  values: Readonly<Record<string, Tags>>,
  protectionUnknown = false,
): Former => {
  const { instance } = before;
  const tags = values[instance.id] ?? {};
  const protect = readProtect(tags[beforeProtectTag] ?? '');
  const { metadataService, ...protection } = protect ?? {
    ...instance.protection,
    metadataService: instance.metadataService,
  };
  const profile = readProfile(tags[beforeProfileTag] ?? '') ?? instance.instanceProfileArn;
  const membership = formerMembership(before, tags);
  return {
    ...(protectionUnknown ? {} : { protection }),
    ...(protectionUnknown || metadataService === undefined ? {} : { metadataService }),
    ...defined({
      instanceProfileArn: profile,
      membership,
      host: readHost(tags[beforeHostTag] ?? ''),
    }),
    suspendedProcesses: readProcesses(tags[beforeProcessesTag] ?? ''),
    targets: formerTargets(instance, tags),
    loadBalancers: readNumbered(tags, beforeBalancerPrefix).flatMap(
      (value) => readBalancer(value) ?? [],
    ),
    interfaces: Object.fromEntries(
      movableInterfaces(instance).map((one) => [
        one.id,
        formerInterface(before, one, values[one.id] ?? {}),
      ]),
    ),
    volumes: instance.volumes.map(({ id, device, deleteOnTermination }) => {
      const then = readVolume(values[id]?.[beforeVolumeTag] ?? '');
      return { id, device, deleteOnTermination: then?.deleteOnTermination ?? deleteOnTermination };
    }),
  };
};

/** The groups of interfaces that differ from what is remembered, and nothing shows who is right. */
const foundElsewhere = (before: Before, former: Former): Recollection['found'] =>
  Object.fromEntries(
    movableInterfaces(before.instance).flatMap((one) => {
      const now = originalsOf(one, before);
      const then = former.interfaces[one.id]?.groups ?? now;
      return now.length === 0 || isSameSet(now, then) ? [] : [[one.id, now] as const];
    }),
  );

/** What is known of the world before the case that is open, or before the one that begins now. */
export const recall = (before: Before, open: OpenCase | undefined): Recollection => {
  const { instance, groups } = before;
  const { values, foreign, disagreements } = remembered(instance, groups, open);
  const moved = movableInterfaces(instance).filter((one) => isInCordonGroup(instance, one, groups));
  const protectionUnknown =
    open !== undefined &&
    moved.length > 0 &&
    readProtect(values[instance.id]?.[beforeProtectTag] ?? '') === undefined;
  const former = formerWith(before, values, protectionUnknown);
  return {
    former,
    standing: open?.standing ?? 'first',
    registrationTags: numberedIn(values[instance.id] ?? {}),
    unknown: [
      ...(protectionUnknown ? [instance.id] : []),
      ...moved.map(({ id }) => id).filter((id) => former.interfaces[id]?.groups === undefined),
    ],
    foreign,
    disagreements,
    found: open?.standing === 'unproven' ? foundElsewhere(before, former) : {},
  };
};

/** The world before the case, as it is remembered or else as it was found. */
export const formerOf = (before: Before): Former =>
  before.recollection?.former ?? formerAsFound(before);
