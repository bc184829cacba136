import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AttachNetworkInterfaceCommand,
  AttachVolumeCommand,
  CreateNetworkInterfaceCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { SampleNetwork } from './sample-network.ts';
import type { WorldClients } from './world-clients.ts';

export const primaryInterface = async (
  { ec2 }: WorldClients,
  instanceId: string,
): Promise<string> => {
  const { Reservations } = await ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
  );
  return Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '';
};

/** A second interface in the same zone's subnet, with IPv6 and two groups of its own. */
export const attachInterface = async (
  { ec2 }: WorldClients,
  network: SampleNetwork,
  instanceId: string,
  deviceIndex: number,
): Promise<{ id: string; address: string }> => {
  const { NetworkInterface } = await ec2.send(
    new CreateNetworkInterfaceCommand({
      SubnetId: network.subnetIds[0],
      Groups: [network.webGroupId, network.adminGroupId],
      Ipv6AddressCount: 1,
    }),
  );
  const id = NetworkInterface?.NetworkInterfaceId ?? '';
  await ec2.send(
    new AttachNetworkInterfaceCommand({
      NetworkInterfaceId: id,
      InstanceId: instanceId,
      DeviceIndex: deviceIndex,
    }),
  );
  return { id, address: NetworkInterface?.PrivateIpAddress ?? '' };
};

export const attachVolume = async (
  { ec2 }: WorldClients,
  region: string,
  instanceId: string,
  device: string,
): Promise<void> => {
  const { VolumeId } = await ec2.send(
    new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 20, VolumeType: 'gp3' }),
  );
  await ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: instanceId, Device: device }));
};

export const giveAddress = async ({ ec2 }: WorldClients, interfaceId: string): Promise<void> => {
  const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  await ec2.send(new AssociateAddressCommand({ AllocationId, NetworkInterfaceId: interfaceId }));
};
