import type {
  NetworkInterface as Ec2NetworkInterface,
  InstanceNetworkInterface,
} from '@aws-sdk/client-ec2';
import type { IdleTimeouts, NetworkInterface } from '../case/before.ts';
import { isCniDescription } from '../case/container-network.ts';
import { defined } from '../case/defined.ts';
import { isCordonGroupName } from '../case/isolation-group.ts';
import { cordonTagsOf } from './cordon-tags.ts';

/** The values that AWS gave. */
export const texts = (values: readonly (string | undefined)[]): string[] =>
  values.filter((value) => value !== undefined && value !== '') as string[];

const toIdleTimeouts = (
  described: Ec2NetworkInterface | undefined,
): { readonly idleTimeouts?: IdleTimeouts } => {
  const set = described?.ConnectionTrackingConfiguration;
  if (set === undefined) return {};
  return {
    idleTimeouts: {
      ...defined({
        tcpEstablished: set.TcpEstablishedTimeout,
        udpStream: set.UdpStreamTimeout,
        udp: set.UdpTimeout,
      }),
    },
  };
};

const kindOf = (
  { InterfaceType, Description, SubnetId }: InstanceNetworkInterface | Ec2NetworkInterface,
  described: Ec2NetworkInterface | undefined,
): Pick<NetworkInterface, 'type' | 'associatedSubnetIds' | 'cniManaged'> => {
  const others = (described?.AssociatedSubnets ?? []).filter((id) => id !== SubnetId);
  return {
    ...(InterfaceType === undefined || InterfaceType === 'interface'
      ? {}
      : { type: InterfaceType }),
    ...(others.length === 0 ? {} : { associatedSubnetIds: others }),
    ...(isCniDescription(Description ?? '') ? { cniManaged: true } : {}),
  };
};

/** An interface as the instance shows it, with what only the interface itself tells, if it was read. */
export const toNetworkInterface = (
  found: InstanceNetworkInterface | Ec2NetworkInterface,
  described: Ec2NetworkInterface | undefined,
): NetworkInterface => ({
  id: found.NetworkInterfaceId ?? '',
  vpcId: found.VpcId ?? '',
  subnetId: found.SubnetId ?? '',
  groupIds: texts((found.Groups ?? []).map((group) => group.GroupId)),
  cordonGroupIds: texts(
    (found.Groups ?? [])
      .filter((group) => isCordonGroupName(group.GroupName ?? ''))
      .map((group) => group.GroupId),
  ),
  prefixes: texts([
    ...(found.Ipv4Prefixes ?? []).map((one) => one.Ipv4Prefix),
    ...(found.Ipv6Prefixes ?? []).map((one) => one.Ipv6Prefix),
  ]),
  privateAddresses: texts(
    (found.PrivateIpAddresses ?? []).map((address) => address.PrivateIpAddress),
  ),
  ipv6Addresses: texts((found.Ipv6Addresses ?? []).map((address) => address.Ipv6Address)),
  publicAddresses: texts(
    (found.PrivateIpAddresses ?? []).map((address) => address.Association?.PublicIp),
  ),
  ...(found.Attachment?.AttachTime === undefined
    ? {}
    : { attachedAt: new Date(found.Attachment.AttachTime).toISOString() }),
  ...toIdleTimeouts(described),
  ...(described === undefined ? {} : { cordonTags: cordonTagsOf(described.TagSet) }),
  requesterManaged: described?.RequesterManaged ?? false,
  ...kindOf(found, described),
});
