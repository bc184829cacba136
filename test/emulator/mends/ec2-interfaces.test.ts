import {
  CreateNetworkInterfaceCommand,
  DescribeInstanceAttributeCommand,
  DescribeNetworkInterfacesCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createGroup, createNetwork, describeInstance, groupIds, launch } from '../world.ts';

const aws = useEmulator();
let network: { vpcId: string; subnetId: string };
let web: string;
let isolation: string;

beforeEach(async () => {
  network = await createNetwork(aws.ec2, { ipv6: true });
  web = await createGroup(aws.ec2, network.vpcId, 'web');
  isolation = await createGroup(aws.ec2, network.vpcId, 'isolation');
});

const single = () => launch(aws.ec2, { SubnetId: network.subnetId, SecurityGroupIds: [web] });

const twoInterfaces = () =>
  launch(aws.ec2, {
    NetworkInterfaces: [0, 1].map((DeviceIndex) => ({
      DeviceIndex,
      SubnetId: network.subnetId,
      Groups: [web],
      Ipv6AddressCount: DeviceIndex + 1,
    })),
  });

const setGroups = (eniId: string | undefined, Groups: string[], DryRun = false) =>
  aws.ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: eniId, Groups, DryRun }),
  );

const describeEni = async (eniId: string | undefined) => {
  const { NetworkInterfaces } = await aws.ec2.send(
    new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eniId ?? ''] }),
  );
  return NetworkInterfaces?.[0] ?? {};
};

test('after a swap an interface shows its new groups only', async () => {
  const { InstanceId } = await single();
  const before = await describeInstance(aws.ec2, InstanceId);
  const eniId = before.NetworkInterfaces?.[0]?.NetworkInterfaceId;
  expect(before.SecurityGroups?.map(({ GroupId }) => GroupId)).toEqual([web]);

  await setGroups(eniId, [isolation]);

  const after = await describeInstance(aws.ec2, InstanceId);
  expect(groupIds(await describeEni(eniId))).toEqual([isolation]);
  expect(groupIds(after.NetworkInterfaces?.[0] ?? {})).toEqual([isolation]);
  expect(after.SecurityGroups?.map(({ GroupId }) => GroupId)).toEqual([isolation]);
  const { Groups } = await aws.ec2.send(
    new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'groupSet' }),
  );
  expect(Groups?.map(({ GroupId }) => GroupId)).toEqual([isolation]);
});

describe('ModifyInstanceAttribute(Groups)', () => {
  test('reaches the one interface', async () => {
    const { InstanceId } = await single();
    await aws.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, Groups: [isolation] }));
    const { NetworkInterfaces } = await describeInstance(aws.ec2, InstanceId);
    expect(groupIds(NetworkInterfaces?.[0] ?? {})).toEqual([isolation]);
  });

  test('is refused with several interfaces, which it leaves alone', async () => {
    const { InstanceId } = await twoInterfaces();
    await expect(
      aws.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, Groups: [isolation] })),
    ).rejects.toMatchObject({ name: 'InvalidInstanceID' });
    const { NetworkInterfaces } = await describeInstance(aws.ec2, InstanceId);
    expect(NetworkInterfaces?.map(groupIds)).toEqual([[web], [web]]);
  });
});

describe('groups that cannot be set', () => {
  const absent = 'sg-0123456789abcdef0';

  test('an absent group, dry or not', async () => {
    const { NetworkInterfaces } = await single();
    const eniId = NetworkInterfaces?.[0]?.NetworkInterfaceId;
    for (const dryRun of [true, false]) {
      await expect(setGroups(eniId, [absent], dryRun)).rejects.toMatchObject({
        name: 'InvalidGroup.NotFound',
      });
    }
    await expect(setGroups(eniId, [isolation], true)).rejects.toMatchObject({
      name: 'DryRunOperation',
    });
    expect(groupIds(await describeEni(eniId))).toEqual([web]);
  });

  test('a group of another VPC', async () => {
    const { NetworkInterfaces } = await single();
    const other = await createNetwork(aws.ec2);
    const foreign = await createGroup(aws.ec2, other.vpcId, 'foreign');
    await expect(
      setGroups(NetworkInterfaces?.[0]?.NetworkInterfaceId, [foreign]),
    ).rejects.toMatchObject({ name: 'InvalidGroup.NotFound' });
  });

  test('an absent group at creation and at launch', async () => {
    await expect(
      aws.ec2.send(
        new CreateNetworkInterfaceCommand({ SubnetId: network.subnetId, Groups: [absent] }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidGroup.NotFound' });
    await expect(
      launch(aws.ec2, { SubnetId: network.subnetId, SecurityGroupIds: [absent] }),
    ).rejects.toMatchObject({ name: 'InvalidGroup.NotFound' });
  });

  test('six groups', async () => {
    const { NetworkInterfaces } = await single();
    const many = await Promise.all(
      Array.from({ length: 6 }, (_, n) => createGroup(aws.ec2, network.vpcId, `g${n}`)),
    );
    await expect(setGroups(NetworkInterfaces?.[0]?.NetworkInterfaceId, many)).rejects.toMatchObject(
      { name: 'SecurityGroupsPerInterfaceLimitExceeded' },
    );
  });
});

test('an interface described as requester-managed is one, and cannot be modified', async () => {
  const { NetworkInterface } = await aws.ec2.send(
    new CreateNetworkInterfaceCommand({
      SubnetId: network.subnetId,
      Groups: [web],
      Description: 'requester-managed by a test',
    }),
  );
  const eni = await describeEni(NetworkInterface?.NetworkInterfaceId);
  expect(eni.RequesterManaged).toBe(true);
  await expect(setGroups(eni.NetworkInterfaceId, [isolation])).rejects.toMatchObject({
    name: 'OperationNotPermitted',
  });
});

test('interfaces are launched with the IPv6 addresses asked for', async () => {
  const { InstanceId } = await twoInterfaces();
  const { NetworkInterfaces } = await describeInstance(aws.ec2, InstanceId);
  expect(NetworkInterfaces?.map(({ Ipv6Addresses }) => Ipv6Addresses?.length)).toEqual([1, 2]);
});

test('idle timeouts are set, kept in range, and shown', async () => {
  const { InstanceId, NetworkInterfaces } = await single();
  const NetworkInterfaceId = NetworkInterfaces?.[0]?.NetworkInterfaceId;
  const set = (TcpEstablishedTimeout: number) =>
    aws.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId,
        ConnectionTrackingSpecification: { TcpEstablishedTimeout },
      }),
    );
  await set(60);
  expect((await describeEni(NetworkInterfaceId)).ConnectionTrackingConfiguration).toEqual({
    TcpEstablishedTimeout: 60,
  });
  const { NetworkInterfaces: shown } = await describeInstance(aws.ec2, InstanceId);
  expect(shown?.[0]?.ConnectionTrackingConfiguration).toEqual({ TcpEstablishedTimeout: 60 });
  await expect(set(59)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

test('one attribute per call', async () => {
  const { NetworkInterfaces } = await single();
  await expect(
    aws.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: NetworkInterfaces?.[0]?.NetworkInterfaceId,
        Groups: [isolation],
        SourceDestCheck: { Value: false },
      }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidParameterCombination' });
});

test('attached interfaces are found by instance and state', async () => {
  const { InstanceId } = await twoInterfaces();
  const { NetworkInterfaces } = await aws.ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [
        { Name: 'attachment.instance-id', Values: [InstanceId] },
        { Name: 'attachment.status', Values: ['attached'] },
      ],
    }),
  );
  expect(NetworkInterfaces).toHaveLength(2);
});

test('a terminated instance leaves no interface behind', async () => {
  const { InstanceId, NetworkInterfaces } = await single();
  await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  await expect(describeEni(NetworkInterfaces?.[0]?.NetworkInterfaceId)).rejects.toMatchObject({
    name: 'InvalidNetworkInterfaceID.NotFound',
  });
});
