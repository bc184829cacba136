import {
  AttachVolumeCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVolumesCommand,
  ModifyInstanceAttributeCommand,
  type ModifyInstanceAttributeCommandInput,
  ModifyNetworkInterfaceAttributeCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createGroup, createNetwork, describeInstance, groupIds, launch } from '../world.ts';

const aws = useEmulator();
let network: { vpcId: string; subnetId: string };

beforeEach(async () => {
  network = await createNetwork(aws.ec2);
});

const tagged = (Key: string, Value: string) => [
  { ResourceType: 'instance' as const, Tags: [{ Key, Value }] },
];

const modify = (InstanceId: string, change: Partial<ModifyInstanceAttributeCommandInput>) =>
  aws.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, ...change }));

describe('an instance managed by a service', () => {
  const launchManaged = () =>
    launch(aws.ec2, {
      SubnetId: network.subnetId,
      TagSpecifications: tagged('emulator:operator', 'eks.amazonaws.com'),
    });

  test('names its operator, and so does its interface', async () => {
    const { InstanceId } = await launchManaged();
    const operator = { Managed: true, Principal: 'eks.amazonaws.com' };
    expect((await describeInstance(aws.ec2, InstanceId)).Operator).toEqual(operator);
    const { NetworkInterfaces } = await aws.ec2.send(new DescribeNetworkInterfacesCommand({}));
    expect(NetworkInterfaces?.[0]?.Operator).toEqual(operator);
  });

  test('is not changed by anybody else, except for its tags', async () => {
    const { InstanceId, NetworkInterfaces } = await launchManaged();
    const NetworkInterfaceId = NetworkInterfaces?.[0]?.NetworkInterfaceId;
    const group = await createGroup(aws.ec2, network.vpcId, 'isolation');
    const refused = { name: 'OperationNotPermitted' };
    for (const DryRun of [true, false]) {
      await expect(
        modify(InstanceId, { DisableApiTermination: { Value: true }, DryRun }),
      ).rejects.toMatchObject(refused);
      const change = { NetworkInterfaceId, Groups: [group], DryRun };
      await expect(
        aws.ec2.send(new ModifyNetworkInterfaceAttributeCommand(change)),
      ).rejects.toMatchObject(refused);
    }
    const terminate = new TerminateInstancesCommand({ InstanceIds: [InstanceId] });
    await expect(aws.ec2.send(terminate)).rejects.toMatchObject(refused);
    const tags = { Resources: [InstanceId], Tags: [{ Key: 'k', Value: 'v' }] };
    await expect(aws.ec2.send(new CreateTagsCommand(tags))).resolves.toBeDefined();
  });

  test('is the exception', async () => {
    const { InstanceId } = await launch(aws.ec2, { SubnetId: network.subnetId });
    expect((await describeInstance(aws.ec2, InstanceId)).Operator).toEqual({ Managed: false });
  });
});

describe('an instance without an EBS root', () => {
  const expectNoRoot = async (instanceId: string) => {
    expect(await describeInstance(aws.ec2, instanceId)).toMatchObject({
      RootDeviceType: 'instance-store',
      BlockDeviceMappings: [],
    });
    expect((await aws.ec2.send(new DescribeVolumesCommand({}))).Volumes).toEqual([]);
  };

  test('has no root volume, whether tagged at its launch or later', async () => {
    const { InstanceId } = await launch(aws.ec2, {
      TagSpecifications: tagged('emulator:root', 'instance-store'),
    });
    await expectNoRoot(InstanceId);
    await aws.emulator.reset();
    const later = await launch(aws.ec2, {});
    await aws.ec2.send(
      new CreateTagsCommand({
        Resources: [later.InstanceId],
        Tags: [{ Key: 'emulator:root', Value: 'instance-store' }],
      }),
    );
    await expectNoRoot(later.InstanceId);
  });

  test('cannot be stopped nor protected from it', async () => {
    const { InstanceId } = await launch(aws.ec2, {
      TagSpecifications: tagged('emulator:root', 'instance-store'),
    });
    const unsupported = { name: 'UnsupportedOperation' };
    await expect(modify(InstanceId, { DisableApiStop: { Value: true } })).rejects.toMatchObject(
      unsupported,
    );
    await expect(
      modify(InstanceId, { InstanceInitiatedShutdownBehavior: { Value: 'stop' } }),
    ).rejects.toMatchObject(unsupported);
    const stop = new StopInstancesCommand({ InstanceIds: [InstanceId] });
    await expect(aws.ec2.send(stop)).rejects.toMatchObject(unsupported);
    await expect(
      modify(InstanceId, { DisableApiTermination: { Value: true } }),
    ).resolves.toBeDefined();
  });
});

test('the groups of a stopped instance can be changed', async () => {
  const { InstanceId, NetworkInterfaces } = await launch(aws.ec2, { SubnetId: network.subnetId });
  await aws.ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
  const group = await createGroup(aws.ec2, network.vpcId, 'isolation');
  const NetworkInterfaceId = NetworkInterfaces?.[0]?.NetworkInterfaceId;
  await aws.ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [group] }),
  );
  const stopped = await describeInstance(aws.ec2, InstanceId);
  expect(stopped.State?.Name).toBe('stopped');
  expect(groupIds({ Groups: stopped.SecurityGroups })).toEqual([group]);
});

test('28 volumes are attached', async () => {
  const { InstanceId, Placement } = await launch(aws.ec2, { SubnetId: network.subnetId });
  const letters = [...'abcdefghijklmnopqrstuvwxyz', 'za'].map((letter) => `b${letter}`);
  await Promise.all(
    letters.map(async (letter) => {
      const { VolumeId } = await aws.ec2.send(
        new CreateVolumeCommand({ Size: 1, AvailabilityZone: Placement?.AvailabilityZone }),
      );
      await aws.ec2.send(
        new AttachVolumeCommand({ VolumeId, InstanceId, Device: `/dev/xvd${letter}` }),
      );
    }),
  );
  const { BlockDeviceMappings } = await describeInstance(aws.ec2, InstanceId);
  expect(BlockDeviceMappings).toHaveLength(28);
});
