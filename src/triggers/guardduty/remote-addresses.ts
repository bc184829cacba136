import { familyOf } from '../../case/address.ts';
import type { Finding } from './schema.ts';

/** A report carries a few addresses, not the thousands of a port scan. */
const mostRemoteAddresses = 20;

/** Actions are four objects deep; what is deeper is no action of GuardDuty's. */
const deepestAction = 8;

/** Every `ipAddressV4` and `ipAddressV6` under a `remoteIpDetails`, wherever the action has it. */
const addressesIn = (value: unknown, remote = false, depth = 0): readonly string[] => {
  if (typeof value !== 'object' || value === null || depth > deepestAction) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    if (remote && (key === 'ipAddressV4' || key === 'ipAddressV6') && typeof one === 'string') {
      return familyOf(one) === undefined ? [] : [one];
    }
    return addressesIn(one, remote || key === 'remoteIpDetails', depth + 1);
  });
};

/** The other side of what the finding saw; undefined where it names nobody. */
export const remoteAddressesOf = ({ service }: Finding): readonly string[] | undefined => {
  const found = [...new Set(addressesIn(service?.action))];
  return found.length === 0 ? undefined : found.slice(0, mostRemoteAddresses);
};
