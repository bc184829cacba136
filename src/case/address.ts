import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type Family = 'ipv4' | 'ipv6';

export const familyOf = (address: string): Family | undefined => {
  // With a zone (`fe80::1%eth0`) it is of one host's link, and no rule of AWS takes it.
  const version = address.includes('%') ? 0 : isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
};

const split = (cidr: string): { address: string; length: number; family: Family } | undefined => {
  const [address, length] = cidr.split('/');
  const family = familyOf(address ?? '');
  if (address === undefined || length === undefined || family === undefined) return undefined;
  if (!/^\d{1,3}$/.test(length)) return undefined;
  return { address, length: Number(length), family };
};

/** True for `address/length` of either family with a length that the family allows. */
export const isCidr = (cidr: string): boolean => {
  const parts = split(cidr);
  return parts !== undefined && parts.length <= (parts.family === 'ipv4' ? 32 : 128);
};

/** The length of a range's prefix in bits; -1 for what is no range. */
export const prefixLength = (cidr: string): number => split(cidr)?.length ?? -1;

/** True when the address, or the base address of a range, lies in the range. */
export const contains = (cidr: string, addressOrRange: string): boolean => {
  const range = split(cidr);
  const [address = '', length] = addressOrRange.split('/');
  const family = familyOf(address);
  if (range === undefined || !isCidr(cidr) || family !== range.family) return false;
  if (length !== undefined && Number(length) < range.length) return false;
  const list = new BlockList();
  list.addSubnet(range.address, range.length, range.family);
  return list.check(address, family);
};

/**
 * A range as EC2 stores it: host bits are cleared, IPv6 is lower case and compressed. A rule is
 * compared with what EC2 gives back, so it must be written the same way.
 */
export const canonicalCidr = (cidr: string): string => {
  const range = split(cidr);
  if (range === undefined || !isCidr(cidr)) return cidr;
  const version = range.family === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${version.networkAddressFromCIDR(cidr).toString()}/${range.length}`;
};
