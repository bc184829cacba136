import {
  AllocateAddressCommand,
  AssignPrivateIpAddressesCommand,
  AssociateAddressCommand,
  type AssociateAddressCommandInput,
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  DescribeAddressesCommand,
  DescribeNetworkInterfacesCommand,
  DisassociateAddressCommand,
  ModifyNetworkInterfaceAttributeCommand,
  ModifySubnetAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createNetwork, describeInstance, launch } from '../world.ts';

const aws = useEmulator();
let SubnetId: string;
let instanceId: string;
let eniId: string;

const start = async () => {
  const { InstanceId, NetworkInterfaces } = await launch(aws.ec2, { SubnetId });
  return { instanceId: InstanceId, eniId: NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '' };
};

beforeEach(async () => {
  SubnetId = (await createNetwork(aws.ec2)).subnetId;
  await aws.ec2.send(
    new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }),
  );
  ({ instanceId, eniId } = await start());
});

const describeEni = async () => {
  const { NetworkInterfaces } = await aws.ec2.send(
    new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eniId] }),
  );
  return NetworkInterfaces?.[0] ?? {};
};

const describePublicIp = async () => (await describeInstance(aws.ec2, instanceId)).PublicIpAddress;

const allocate = () => aws.ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));

const associate = async (input: AssociateAddressCommandInput) =>
  (await aws.ec2.send(new AssociateAddressCommand(input))).AssociationId;

const disassociate = (AssociationId: string | undefined, DryRun = false) =>
  aws.ec2.send(new DisassociateAddressCommand({ AssociationId, DryRun }));

const addressesOf = async (filter: 'instance-id' | 'network-interface-id', value: string) => {
  const { Addresses } = await aws.ec2.send(
    new DescribeAddressesCommand({ Filters: [{ Name: filter, Values: [value] }] }),
  );
  return Addresses ?? [];
};

const attachSecond = async () => {
  const { NetworkInterface } = await aws.ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
  await aws.ec2.send(
    new AttachNetworkInterfaceCommand({
      InstanceId: instanceId,
      NetworkInterfaceId: NetworkInterface?.NetworkInterfaceId,
      DeviceIndex: 1,
    }),
  );
};

describe('an address that AWS assigned', () => {
  const assignPublicly = (AssociatePublicIpAddress: boolean, DryRun = false) =>
    aws.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: eniId,
        AssociatePublicIpAddress,
        DryRun,
      }),
    );

  test('belongs to Amazon, and is shown with its private address', async () => {
    const { Association, PrivateIpAddresses } = await describeEni();
    expect(Association).toMatchObject({ IpOwnerId: 'amazon', PublicIp: await describePublicIp() });
    expect(Association?.AllocationId).toBeUndefined();
    expect(PrivateIpAddresses).toMatchObject([{ Primary: true, Association }]);
  });

  test('is taken away for good', async () => {
    await expect(assignPublicly(false, true)).rejects.toMatchObject({ name: 'DryRunOperation' });
    expect(await describePublicIp()).toBeDefined();
    await assignPublicly(false);
    expect(await describePublicIp()).toBeUndefined();
    expect((await describeEni()).Association).toBeUndefined();
    await aws.ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
    await aws.ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] }));
    expect(await describePublicIp()).toBeUndefined();
  });

  test('can be given again, and is another one then', async () => {
    const before = await describePublicIp();
    await assignPublicly(false);
    await assignPublicly(true);
    expect(await describePublicIp()).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(await describePublicIp()).not.toBe(before);
  });
});

describe('an Elastic IP address', () => {
  test('takes the place of the assigned one, and is found by instance and interface', async () => {
    const { AllocationId, PublicIp } = await allocate();
    const AssociationId = await associate({ AllocationId, NetworkInterfaceId: eniId });
    const eni = await describeEni();
    expect(eni.Association).toMatchObject({
      AllocationId,
      AssociationId,
      PublicIp,
      IpOwnerId: aws.emulator.accountId,
    });
    expect(await describePublicIp()).toBe(PublicIp);
    for (const found of [
      await addressesOf('instance-id', instanceId),
      await addressesOf('network-interface-id', eniId),
    ]) {
      expect(found).toMatchObject([
        {
          AllocationId,
          AssociationId,
          InstanceId: instanceId,
          NetworkInterfaceId: eniId,
          PrivateIpAddress: eni.PrivateIpAddress,
        },
      ]);
    }
    expect(await addressesOf('instance-id', 'i-0123456789abcdef0')).toEqual([]);
  });

  test('gives way to a new assigned one when it is taken off', async () => {
    const { AllocationId, PublicIp } = await allocate();
    const association = await associate({ AllocationId, InstanceId: instanceId });
    await expect(disassociate(association, true)).rejects.toMatchObject({
      name: 'DryRunOperation',
    });
    await disassociate(association);
    expect((await describeEni()).Association).toMatchObject({ IpOwnerId: 'amazon' });
    expect(await describePublicIp()).not.toBe(PublicIp);
    const { Addresses } = await aws.ec2.send(new DescribeAddressesCommand({}));
    expect(Addresses).toHaveLength(1);
    expect(Addresses?.[0]).not.toHaveProperty('AssociationId');
    expect(Addresses?.[0]).not.toHaveProperty('InstanceId');
    expect(Addresses?.[0]).not.toHaveProperty('NetworkInterfaceId');
    await expect(disassociate(association)).rejects.toMatchObject({
      name: 'InvalidAssociationID.NotFound',
    });
    await associate({ AllocationId, NetworkInterfaceId: eniId });
    expect(await describePublicIp()).toBe(PublicIp);
  });

  test('leaves nothing behind where there is a second interface', async () => {
    const { AllocationId } = await allocate();
    const association = await associate({ AllocationId, InstanceId: instanceId });
    await attachSecond();
    await disassociate(association);
    expect((await describeEni()).Association).toBeUndefined();
    await expect(associate({ AllocationId, InstanceId: instanceId })).rejects.toMatchObject({
      name: 'InvalidInstanceID',
    });
  });

  test('can belong to a secondary private address', async () => {
    await aws.ec2.send(
      new AssignPrivateIpAddressesCommand({
        NetworkInterfaceId: eniId,
        SecondaryPrivateIpAddressCount: 1,
      }),
    );
    const [, secondary] = (await describeEni()).PrivateIpAddresses ?? [];
    const [first, second] = [await allocate(), await allocate()];
    await associate({ AllocationId: first.AllocationId, NetworkInterfaceId: eniId });
    await associate({
      AllocationId: second.AllocationId,
      NetworkInterfaceId: eniId,
      PrivateIpAddress: secondary?.PrivateIpAddress,
    });
    const { PrivateIpAddresses } = await describeEni();
    expect(PrivateIpAddresses?.map(({ Association }) => Association?.PublicIp)).toEqual([
      first.PublicIp,
      second.PublicIp,
    ]);
    const [shown] = (await describeInstance(aws.ec2, instanceId)).NetworkInterfaces ?? [];
    expect(shown?.PrivateIpAddresses?.[1]?.Association?.PublicIp).toBe(second.PublicIp);
    expect(await addressesOf('network-interface-id', eniId)).toHaveLength(2);
  });

  test('is reassociated unless that is refused', async () => {
    const { AllocationId } = await allocate();
    await associate({ AllocationId, InstanceId: instanceId });
    const other = await start();
    const elsewhere = { AllocationId, NetworkInterfaceId: other.eniId };
    await expect(associate({ ...elsewhere, AllowReassociation: false })).rejects.toMatchObject({
      name: 'Resource.AlreadyAssociated',
    });
    await associate(elsewhere);
    expect(await addressesOf('instance-id', instanceId)).toEqual([]);
    expect(await addressesOf('instance-id', other.instanceId)).toHaveLength(1);
  });

  test('outlives a stop, and the instance', async () => {
    const { AllocationId, PublicIp } = await allocate();
    await associate({ AllocationId, InstanceId: instanceId });
    await aws.ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
    expect((await describeEni()).Association?.PublicIp).toBe(PublicIp);
    await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    const { Addresses } = await aws.ec2.send(new DescribeAddressesCommand({}));
    expect(Addresses?.map((address) => address.AssociationId)).toEqual([undefined]);
  });
});
