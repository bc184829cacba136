import type { Former } from '../case/former.ts';
import { rulesDigest } from '../case/rules-digest.ts';
import type { SecurityGroup } from '../case/security-group.ts';
import { describeRule, inOrder } from '../case/security-group.ts';

/** An original group whose rules are not those that it had when the instance was isolated. */
export interface ChangedGroup {
  readonly id: string;
  /** What it lets through now, a rule each. */
  readonly rules: readonly string[];
}

const then = ({ interfaces }: Former): ReadonlyMap<string, string> =>
  new Map(
    Object.values(interfaces).flatMap(({ groups = [], rules = [] }) =>
      groups.flatMap((id, index) => {
        const digest = rules[index];
        return digest === undefined ? [] : [[id, digest] as const];
      }),
    ),
  );

/** The groups that somebody has changed since the instance was isolated, as far as that is known. */
export const changedGroups = (
  former: Former,
  groups: readonly SecurityGroup[],
): readonly ChangedGroup[] => {
  const known = then(former);
  return groups.flatMap((group) => {
    const digest = known.get(group.id);
    if (digest === undefined || digest === rulesDigest(group)) return [];
    return [{ id: group.id, rules: inOrder(group.rules).map(describeRule) }];
  });
};

/** Original groups of which nobody knows whether somebody has changed them. */
export const unknownGroups = (
  former: Former,
  groups: readonly SecurityGroup[],
): readonly string[] => {
  const known = then(former);
  const original = new Set(Object.values(former.interfaces).flatMap((one) => one.groups ?? []));
  return groups.map(({ id }) => id).filter((id) => original.has(id) && !known.has(id));
};
