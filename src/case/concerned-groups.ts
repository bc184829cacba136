import type { Instance } from './before.ts';
import { isolationGroupKind } from './isolation-group.ts';
import type { SecurityGroup } from './security-group.ts';

/** The group that an egress-free clone was made of; undefined for a group that is no clone. */
const originalOf = ({ name }: SecurityGroup): string | undefined => {
  const is = isolationGroupKind(name);
  return is?.kind === 'egress-lockdown' ? is.original : undefined;
};

/**
 * Those of Cordon's groups that a case of this instance can have to do with: the account's own, in
 * the VPCs of its interfaces; of the egress-free clones, which earlier cases leave behind, those
 * that an interface is in, and those of groups that it has or had.
 */
export const concernedGroups = (
  { accountId, vpcId, networkInterfaces }: Instance,
  groups: readonly SecurityGroup[],
): readonly SecurityGroup[] => {
  const vpcIds = new Set([vpcId, ...networkInterfaces.map((one) => one.vpcId)]);
  const its = new Set(networkInterfaces.flatMap((one) => one.groupIds));
  const near = groups.filter((one) => one.ownerId === accountId && vpcIds.has(one.vpcId));
  const originals = new Set([
    ...its,
    ...near.flatMap((one) => (its.has(one.id) ? (originalOf(one) ?? []) : [])),
  ]);
  return near.filter((one) => {
    const original = originalOf(one);
    return original === undefined || its.has(one.id) || originals.has(original);
  });
};
