import type { EC2Client, NetworkInterface } from '@aws-sdk/client-ec2';
import { readInterfacesBy } from '../../aws/network-interfaces.ts';
import { readPrefixList } from '../../aws/prefix-lists.ts';
import { readGroupsByFilter } from '../../aws/security-groups.ts';
import { familyOf } from '../../case/address.ts';
import { isIsolationGroupName } from '../../case/isolation-group.ts';
import type { Rule, SecurityGroup } from '../../case/security-group.ts';
import type { Profile } from './allowed.ts';

/** The private addresses of an interface, of both families. */
export const addressesOf = (one: NetworkInterface): readonly string[] => [
  ...(one.PrivateIpAddresses ?? []).flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
  ...(one.Ipv6Addresses ?? []).flatMap(({ Ipv6Address }) => Ipv6Address ?? []),
];

const rangeOf = (address: string): string =>
  `${address}/${familyOf(address) === 'ipv4' ? 32 : 128}`;

/** A group in a rule stands for the private addresses of the interfaces that are in it. */
const rangesOfGroup = async (ec2: EC2Client, id: string): Promise<readonly string[]> => {
  const members = await readInterfacesBy(ec2, 'group-id', [id]);
  return members.flatMap(addressesOf).map(rangeOf);
};

const rangesIn = async (
  ec2: EC2Client,
  rules: readonly Rule[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const found = new Map<string, readonly string[]>();
  for (const { peer } of rules) {
    if (peer.kind === 'ipv4' || peer.kind === 'ipv6' || found.has(peer.id)) continue;
    found.set(
      peer.id,
      peer.kind === 'group'
        ? await rangesOfGroup(ec2, peer.id)
        : await readPrefixList(ec2, peer.id),
    );
  }
  return found;
};

const groupIdsOf = ({ Groups = [] }: NetworkInterface): readonly string[] =>
  Groups.flatMap(({ GroupId }) => GroupId ?? []);

/**
 * What may still go through each of these interfaces, by the rules of its isolation groups as they are now.
 * A group of somebody else's lets through nothing that the profile means.
 */
export const readProfiles = async (
  ec2: EC2Client,
  interfaces: readonly NetworkInterface[],
): Promise<ReadonlyMap<string, Profile>> => {
  const ids = [...new Set(interfaces.flatMap(groupIdsOf))];
  const groups: readonly SecurityGroup[] =
    ids.length === 0 ? [] : await readGroupsByFilter(ec2, ids.slice(0, 200));
  const isolating = groups.filter(({ name }) => isIsolationGroupName(name));
  const ranges = await rangesIn(
    ec2,
    isolating.flatMap(({ rules }) => rules),
  );
  return new Map(
    interfaces.map((one) => {
      const own = groupIdsOf(one);
      const rules = isolating.filter(({ id }) => own.includes(id)).flatMap((group) => group.rules);
      return [one.NetworkInterfaceId ?? '', { addresses: addressesOf(one), rules, ranges }];
    }),
  );
};
