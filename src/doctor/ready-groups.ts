import type { FoundVpc } from '../aws/vpcs.ts';
import type { ForensicAccess } from '../case/forensic-access.ts';
import type { SharedGroup } from '../case/isolation-group.ts';
import {
  compareRules,
  isIsolationGroupName,
  isolationGroupKind,
  isolationGroupName,
  isolationRules,
  isTransitionGroupName,
  transitionGroupName,
  transitionRules,
} from '../case/isolation-group.ts';
import type { Rule, SecurityGroup } from '../case/security-group.ts';
import type { Settings } from '../settings/settings.ts';

const isExact = (group: SecurityGroup, rules: readonly Rule[]): boolean => {
  const { excess, missing } = compareRules(group, rules);
  return excess.length === 0 && missing.length === 0;
};

const isReadyFor = (kind: SharedGroup, access: ForensicAccess) => (group: SecurityGroup) =>
  isIsolationGroupName(group.name) &&
  isolationGroupKind(group.name)?.kind === kind &&
  group.role === 'isolation' &&
  isExact(group, isolationRules(kind, access));

/** A VPC without IPv6 may have refused the rules of that family. */
const isReadyTransition = (ipv6: boolean) => (group: SecurityGroup) =>
  isTransitionGroupName(group.name) &&
  group.role === 'transition' &&
  compareRules(group, transitionRules).missing.every((rule) => !ipv6 && rule.peer.kind === 'ipv6');

/**
 * The groups, by name, that a cut in this VPC would have to make or to mend first. Those of
 * `egress-lockdown` follow the groups of each instance, so none can be ready.
 *
 * @param known every group of Cordon's in the Region.
 */
export const missingGroups = (
  { id: vpcId, ownAccountId, ipv6 }: FoundVpc,
  known: readonly SecurityGroup[],
  { isolationProfile, connectionCut }: Pick<Settings, 'isolationProfile' | 'connectionCut'>,
  access: ForensicAccess,
): readonly string[] => {
  const here = known.filter((group) => group.vpcId === vpcId && group.ownerId === ownAccountId);
  const kinds: readonly SharedGroup[] =
    isolationProfile === 'forensic' ? ['full', 'forensic'] : ['full'];
  return [
    ...kinds
      .filter((kind) => !here.some(isReadyFor(kind, access)))
      .map((kind) => isolationGroupName(kind)),
    ...(connectionCut === 'transition' && !here.some(isReadyTransition(ipv6))
      ? [transitionGroupName]
      : []),
  ];
};
