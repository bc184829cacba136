import {
  AttachNetworkInterfaceCommand,
  type ConnectionTrackingSpecificationRequest,
  CreateNetworkInterfaceCommand,
  DescribeInstanceAttributeCommand,
  DescribeNetworkInterfacesCommand,
  DetachNetworkInterfaceCommand,
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
  expect(await describeEni(NetworkInterfaceId)).not.toHaveProperty(
    'ConnectionTrackingConfiguration',
  );
  const set = (ConnectionTrackingSpecification: ConnectionTrackingSpecificationRequest) =>
    aws.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId,
        ConnectionTrackingSpecification,
      }),
    );
  const shortest = { TcpEstablishedTimeout: 60, UdpStreamTimeout: 60, UdpTimeout: 30 };
  await set({ TcpEstablishedTimeout: 60 });
  await set({ UdpStreamTimeout: 60, UdpTimeout: 30 });
  const eni = await describeEni(NetworkInterfaceId);
  expect(eni.ConnectionTrackingConfiguration).toEqual(shortest);
  const { NetworkInterfaces: shown } = await describeInstance(aws.ec2, InstanceId);
  expect(shown?.[0]?.ConnectionTrackingConfiguration).toEqual(shortest);
  for (const wrong of [
    { TcpEstablishedTimeout: 59 },
    { TcpEstablishedTimeout: 432_001 },
    { UdpStreamTimeout: 181 },
    { TcpEstablishedTimeout: 61, UdpTimeout: 61 },
  ]) {
    await expect(set(wrong)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  }
  expect((await describeEni(NetworkInterfaceId)).ConnectionTrackingConfiguration).toEqual(shortest);
});

test('one attribute per call, no more and no less', async () => {
  const { NetworkInterfaces } = await single();
  for (const attributes of [{ Groups: [isolation], SourceDestCheck: { Value: false } }, {}]) {
    await expect(
      aws.ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({
          NetworkInterfaceId: NetworkInterfaces?.[0]?.NetworkInterfaceId,
          ...attributes,
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterCombination' });
  }
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

test('interfaces are found by the groups that they have', async () => {
  const { NetworkInterfaces } = await single();
  const swapped = NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '';
  await setGroups(swapped, [isolation]);
  const { NetworkInterface } = await aws.ec2.send(
    new CreateNetworkInterfaceCommand({ SubnetId: network.subnetId, Groups: [web, isolation] }),
  );
  const both = NetworkInterface?.NetworkInterfaceId ?? '';
  const found = async (Name: string, ...Values: string[]) => {
    const answer = await aws.ec2.send(
      new DescribeNetworkInterfacesCommand({ Filters: [{ Name, Values }] }),
    );
    return answer.NetworkInterfaces?.map(({ NetworkInterfaceId }) => NetworkInterfaceId).toSorted();
  };
  expect(await found('group-id', web)).toEqual([both]);
  expect(await found('group-id', isolation, 'sg-0')).toEqual([both, swapped].toSorted());
  expect(await found('group-id', web, 'sg-0', 'sg-1')).toEqual([both]);
});

describe('an interface', () => {
  let instanceId: string;
  let eniId: string;

  beforeEach(async () => {
    instanceId = (await single()).InstanceId;
    const { NetworkInterface } = await aws.ec2.send(
      new CreateNetworkInterfaceCommand({ SubnetId: network.subnetId, Groups: [isolation] }),
    );
    eniId = NetworkInterface?.NetworkInterfaceId ?? '';
  });

  const attach = (DeviceIndex: number, NetworkInterfaceId = eniId) =>
    aws.ec2.send(
      new AttachNetworkInterfaceCommand({
        InstanceId: instanceId,
        NetworkInterfaceId,
        DeviceIndex,
      }),
    );

  const detach = (AttachmentId: string | undefined) =>
    aws.ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId }));

  const shown = async () => (await describeInstance(aws.ec2, instanceId)).NetworkInterfaces ?? [];

  test('is attached to a running instance with its own groups, and detached', async () => {
    const { AttachmentId } = await attach(1);
    expect((await shown()).map(groupIds)).toEqual([[web], [isolation]]);
    expect((await shown())[1]).toMatchObject({
      NetworkInterfaceId: eniId,
      Attachment: { AttachmentId, DeviceIndex: 1, DeleteOnTermination: false, Status: 'attached' },
    });
    await detach(AttachmentId);
    expect((await shown()).map(groupIds)).toEqual([[web]]);
    const free = await describeEni(eniId);
    expect(free.Status).toBe('available');
    expect(free.Attachment).toBeUndefined();
    await expect(detach(AttachmentId)).rejects.toMatchObject({
      name: 'InvalidAttachmentID.NotFound',
    });
  });

  test('is attached once, in a place of its own', async () => {
    await expect(attach(0)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await attach(1);
    await expect(attach(2)).rejects.toMatchObject({ name: 'InvalidNetworkInterface.InUse' });
  });

  test('that is the primary one stays', async () => {
    await attach(1);
    const [primary] = await shown();
    await expect(detach(primary?.Attachment?.AttachmentId)).rejects.toMatchObject({
      name: 'OperationNotPermitted',
    });
    expect(await shown()).toHaveLength(2);
  });
});

test('a terminated instance leaves no interface behind', async () => {
  const { InstanceId, NetworkInterfaces } = await single();
  await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  await expect(describeEni(NetworkInterfaces?.[0]?.NetworkInterfaceId)).rejects.toMatchObject({
    name: 'InvalidNetworkInterfaceID.NotFound',
  });
});
