import { contains, familyOf } from './address.ts';

/** One numbered entry of a network ACL. */
export interface AclEntry {
  readonly number: number;
  readonly egress: boolean;
  readonly allow: boolean;
  /** `-1` for all protocols. */
  readonly protocol: string;
  readonly cidr: string;
}

export interface NetworkAcl {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly entries: readonly AclEntry[];
  /** Its tags, in which an earlier case may have noted its own numbers. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A deny for one address in one direction, or why there is none. */
export type PlannedDeny =
  | { readonly kind: 'deny'; readonly entry: AclEntry }
  | { readonly kind: 'already'; readonly number: number }
  | { readonly kind: 'no-room'; readonly below: number };

/** Numbers 32767 and 32768 are the default denies (https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html). */
const highestNumber = 32_766;

export const asRange = (address: string): string =>
  `${address}/${familyOf(address) === 'ipv6' ? 128 : 32}`;

/**
 * A deny that counts: entries are evaluated by number, lowest first, and the first that matches
 * decides. So the number is the highest free one below every allow that matches the address, and
 * where an earlier deny of everything stands there already, nothing is needed.
 */
export const planDeny = (
  acl: Pick<NetworkAcl, 'entries'>,
  address: string,
  egress: boolean,
): PlannedDeny => {
  const its = acl.entries.filter((entry) => entry.egress === egress);
  const matching = its.filter((entry) => contains(entry.cidr, address));
  const below = Math.min(
    highestNumber + 1,
    ...matching.filter((entry) => entry.allow).map((entry) => entry.number),
  );
  const denied = matching.find(
    (entry) => !entry.allow && entry.protocol === '-1' && entry.number < below,
  );
  if (denied !== undefined) return { kind: 'already', number: denied.number };
  const taken = new Set(its.map((entry) => entry.number));
  for (let number = below - 1; number >= 1; number -= 1) {
    if (!taken.has(number)) {
      const entry = { number, egress, allow: false, protocol: '-1', cidr: asRange(address) };
      return { kind: 'deny', entry };
    }
  }
  return { kind: 'no-room', below };
};
