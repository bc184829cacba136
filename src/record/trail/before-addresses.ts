import type { FormerAddress } from '../../case/former.ts';
import { wholeTagValue } from './tag-value.ts';

export const beforeAddressesTag = 'cordon:before:addresses';

const word = (address: FormerAddress): string =>
  'automatic' in address
    ? `auto=${address.automatic}`
    : `${address.allocationId}=${address.privateAddress}`;

/** `<allocation id>=<private address> auto=<public address> …`; undefined where there are too many. */
export const writeAddresses = (addresses: readonly FormerAddress[]): string | undefined =>
  wholeTagValue(addresses.map(word).join(' '));

const pattern = /^(auto|eipalloc-[0-9a-f]{8,17})=(\d{1,3}(?:\.\d{1,3}){3})$/;

const readWord = (text: string): FormerAddress | undefined => {
  const [, key, address] = pattern.exec(text) ?? [];
  if (key === undefined || address === undefined) return undefined;
  return key === 'auto' ? { automatic: address } : { allocationId: key, privateAddress: address };
};

/** The addresses that the tag names; undefined for a value of another form. */
export const readAddresses = (value: string): readonly FormerAddress[] | undefined => {
  const addresses = value.split(' ').map(readWord);
  return addresses.every((one) => one !== undefined) ? addresses : undefined;
};
