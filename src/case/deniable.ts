import ipaddr from 'ipaddr.js';
import { contains, familyOf } from './address.ts';

/** Ranges that must go on working for the subnet's healthy hosts. */
export interface Spared {
  readonly vpcCidrs: readonly string[];
  /** Of AWS's own prefix lists: S3, DynamoDB, CloudFront and the like. */
  readonly awsRanges: readonly string[];
  readonly allowList: readonly string[];
}

/**
 * Why an address is not denied in a network ACL, which concerns every host of the subnet; undefined
 * when it may be. Only a single address out on the internet may be.
 */
export const reasonToSpare = (
  address: string,
  { vpcCidrs, awsRanges, allowList }: Spared,
): string | undefined => {
  if (familyOf(address) === undefined) return 'it is no address';
  const inside = (cidrs: readonly string[]) => cidrs.some((cidr) => contains(cidr, address));
  if (inside(allowList)) return 'it is on the allow list';
  if (inside(vpcCidrs)) return 'it is an address of the VPC';
  const range = ipaddr.parse(address).range();
  if (range !== 'unicast') return `it is no public address (${range})`;
  if (inside(awsRanges)) return 'it belongs to a service of AWS';
  return undefined;
};
