import type { ForensicAccess } from './forensic-access.ts';
import type { IsolationProfile } from './isolation-profile.ts';
import type { Rule, SecurityGroup } from './security-group.ts';
import { rulesWithout } from './security-group.ts';

/**
 * The isolation groups that all contained instances of a VPC share. `forensic-s3` is `forensic`
 * for interfaces whose subnet leads to the evidence bucket and to nothing else in S3.
 */
export type SharedGroup = 'full' | 'forensic' | 'forensic-s3';

const sharedGroups = ['full', 'forensic', 'forensic-s3'] as const satisfies SharedGroup[];

/** What an isolation group is, by its name: shared, or the egress-free clone of one group. */
export type IsolationGroupKind =
  | { readonly kind: SharedGroup }
  | { readonly kind: 'egress-lockdown'; readonly original: string };

export const transitionGroupName = 'cordon-transition';

const suffixed = (name: string, suffix: number): string =>
  suffix === 1 ? name : `${name}-${suffix}`;

/**
 * The name of a shared isolation group. A group's name never changes, so it is what Cordon knows
 * its groups by; `suffix` counts the groups that had to be passed over.
 */
export const isolationGroupName = (kind: SharedGroup, suffix = 1): string =>
  suffixed(`cordon-isolation-${kind}`, suffix);

/** The name of the clone of a group, without its way out. */
export const lockdownGroupName = (originalId: string, suffix = 1): string =>
  suffixed(`cordon-isolation-egress-lockdown-${originalId}`, suffix);

/**
 * The name where a group of another owner bears the first one: a VPC may be shared, and names of
 * groups are unique in a VPC (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html).
 */
export const nameOfAccount = (name: string, accountId: string): string => `${name}-${accountId}`;

/** The number of a group that was made beside others, and the account where its name was taken. */
const ending = '(?:-[2-9])?(?:-\\d{12})?';

const sharedPattern = new RegExp(`^cordon-isolation-(${sharedGroups.join('|')})${ending}$`);
const lockdownPattern = new RegExp(
  `^cordon-isolation-egress-lockdown-(sg-[0-9a-f]{8,17})${ending}$`,
);
const transitionPattern = new RegExp(`^${transitionGroupName}(?:-\\d{12})?$`);

/** What a group of this name is; undefined for a name that Cordon does not give. */
export const isolationGroupKind = (name: string): IsolationGroupKind | undefined => {
  const shared = sharedGroups.find((kind) => kind === sharedPattern.exec(name)?.[1]);
  if (shared !== undefined) return { kind: shared };
  const original = lockdownPattern.exec(name)?.[1];
  return original === undefined ? undefined : { kind: 'egress-lockdown', original };
};

export const isIsolationGroupName = (name: string): boolean =>
  isolationGroupKind(name) !== undefined;

/** True for a group that lets nothing out and nobody but the responders in: never to be re-opened. */
export const isSharedGroupName = (name: string): boolean => sharedPattern.test(name);

/** True for the group that lets everything through. */
export const isTransitionGroupName = (name: string): boolean => transitionPattern.test(name);

/** True for the names of all groups that Cordon makes and moves interfaces to. */
export const isCordonGroupName = (name: string): boolean =>
  isIsolationGroupName(name) || isTransitionGroupName(name);

/**
 * The profile of the groups of these names, which is that of the one that lets the most through;
 * undefined where one of them is no isolation group that is known, or there is none.
 */
export const profileOfNames = (
  names: readonly (string | undefined)[],
): IsolationProfile | undefined => {
  const kinds = names.map((name) => isolationGroupKind(name ?? '')?.kind);
  if (kinds.length === 0 || kinds.includes(undefined)) return undefined;
  if (kinds.includes('egress-lockdown')) return 'egress-lockdown';
  return kinds.every((kind) => kind === 'full') ? 'full' : 'forensic';
};

const ipv4Everywhere = '0.0.0.0/0';
const ipv6Everywhere = '::/0';

const everything = (direction: Rule['direction'], family: 'ipv4' | 'ipv6'): Rule => ({
  direction,
  protocol: '-1',
  peer: { kind: family, cidr: family === 'ipv4' ? ipv4Everywhere : ipv6Everywhere },
});

/**
 * The egress rules that AWS puts into a new group: all IPv4, and all IPv6 where the VPC has an
 * IPv6 range (https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html).
 */
export const defaultEgress: readonly Rule[] = [
  everything('egress', 'ipv4'),
  everything('egress', 'ipv6'),
];

/**
 * All traffic, both directions, both address families: flows allowed by such rules are untracked,
 * and untracked flows are cut when the rule that allowed them goes
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html).
 */
export const transitionRules: readonly Rule[] = [
  everything('ingress', 'ipv4'),
  everything('ingress', 'ipv6'),
  everything('egress', 'ipv4'),
  everything('egress', 'ipv6'),
];

/** SSH and Remote Desktop. */
const forensicPorts = [22, 3389] as const;

const tcp = (direction: Rule['direction'], port: number, peer: Rule['peer']): Rule => ({
  direction,
  protocol: 'tcp',
  fromPort: port,
  toPort: port,
  peer,
});

/** The rules, all of them, that a shared isolation group may have. */
export const isolationRules = (kind: SharedGroup, access: ForensicAccess): readonly Rule[] => {
  if (kind === 'full') return [];
  const responders: Rule['peer'][] = [
    ...access.cidrs.map((cidr) => ({
      kind: cidr.includes(':') ? ('ipv6' as const) : ('ipv4' as const),
      cidr,
    })),
    ...(access.securityGroupId === undefined
      ? []
      : [{ kind: 'group' as const, id: access.securityGroupId }]),
  ];
  return [
    ...responders.flatMap((peer) => forensicPorts.map((port) => tcp('ingress', port, peer))),
    // Both are reached over TLS (https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html).
    ...access.systemsManagerGroupIds.map((id) => tcp('egress', 443, { kind: 'group', id })),
    ...(kind === 'forensic-s3' && access.s3PrefixListId !== undefined
      ? [tcp('egress', 443, { kind: 'prefix-list', id: access.s3PrefixListId })]
      : []),
  ];
};

/** The rules that the egress-free clone of a group may have: its ways in, and the allow list. */
export const lockdownRules = (
  original: SecurityGroup,
  egressAllowList: readonly Rule[],
): readonly Rule[] => [
  ...original.rules.filter((rule) => rule.direction === 'ingress'),
  ...egressAllowList,
];

/** What stands between a group's rules, as read, and the rules it should have. */
export interface RuleDifference {
  readonly excess: readonly Rule[];
  readonly missing: readonly Rule[];
}

export const compareRules = (group: SecurityGroup, wanted: readonly Rule[]): RuleDifference => ({
  excess: rulesWithout(group.rules, wanted),
  missing: rulesWithout(wanted, group.rules),
});

/** True when nothing gets through that the profile does not allow; missing access is no hole. */
export const isClosed = (group: SecurityGroup, wanted: readonly Rule[]): boolean =>
  compareRules(group, wanted).excess.length === 0;

/** What is known of the rules that groups may have before the VPC's endpoints were read. */
export interface KnownAllowances {
  readonly access: ForensicAccess;
  readonly egressAllowList: readonly Rule[];
}

const isPossibleEvidenceWay = ({ direction, protocol, fromPort, toPort, peer }: Rule): boolean =>
  direction === 'egress' &&
  protocol === 'tcp' &&
  fromPort === 443 &&
  toPort === 443 &&
  (peer.kind === 'group' || peer.kind === 'prefix-list');

/**
 * Whether a group's rules can be those of its kind, as far as its name and the settings tell.
 * Enough to recognize a case that has been here; what a group may be used for is decided by the
 * exact comparison.
 */
export const seemsClosed = (
  group: SecurityGroup,
  { access, egressAllowList }: KnownAllowances,
): boolean => {
  const is = isolationGroupKind(group.name);
  if (is === undefined) return false;
  if (is.kind === 'egress-lockdown') {
    return rulesWithout(group.rules, egressAllowList).every((rule) => rule.direction === 'ingress');
  }
  const { excess } = compareRules(group, isolationRules(is.kind, access));
  return is.kind === 'full' ? excess.length === 0 : excess.every(isPossibleEvidenceWay);
};
