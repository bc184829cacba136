import type { Rule, SecurityGroup } from './security-group.ts';
import { rulesWithout } from './security-group.ts';

/** What the isolation group lets through: nothing, or the forensic access only. */
export type IsolationProfile = 'full' | 'forensic';

export const isolationProfiles = ['full', 'forensic'] as const satisfies IsolationProfile[];

export const transitionGroupName = 'cordon-transition';

/**
 * The name of the isolation group of a profile. A group's name never changes, so it is what
 * Cordon knows its groups by; `suffix` counts the groups that had to be passed over.
 */
export const isolationGroupName = (profile: IsolationProfile, suffix = 1): string =>
  suffix === 1 ? `cordon-isolation-${profile}` : `cordon-isolation-${profile}-${suffix}`;

const isolationGroupPattern = new RegExp(
  `^cordon-isolation-(?:${isolationProfiles.join('|')})(?:-[2-9])?$`,
);

export const isIsolationGroupName = (name: string): boolean => isolationGroupPattern.test(name);

/** True for the names of all groups that Cordon makes and moves interfaces to. */
export const isCordonGroupName = (name: string): boolean =>
  isIsolationGroupName(name) || name === transitionGroupName;

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

const forensicPorts = [22, 3389] as const;

/** The rules, all of them, that the isolation group of this profile may have. */
export const isolationRules = (
  profile: IsolationProfile,
  forensicCidrs: readonly string[],
): readonly Rule[] =>
  profile === 'full'
    ? []
    : forensicCidrs.flatMap((cidr) =>
        forensicPorts.map(
          (port): Rule => ({
            direction: 'ingress',
            protocol: 'tcp',
            fromPort: port,
            toPort: port,
            peer: { kind: cidr.includes(':') ? 'ipv6' : 'ipv4', cidr },
          }),
        ),
      );

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
