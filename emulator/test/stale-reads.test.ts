import {
  CreateNetworkInterfaceCommand,
  CreateTagsCommand,
  DescribeInstanceAttributeCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeTagsCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';
import { useEmulator } from './fixture.ts';
import { createGroup, createNetwork, describeInstance, groupIds, launch } from './world.ts';

const aws = useEmulator();
let network: { vpcId: string; subnetId: string };

beforeEach(async () => {
  network = await createNetwork(aws.ec2);
});

const lag = (action: string, times: number) =>
  aws.emulator.traffic.lag({ service: 'ec2', action, times });

describe('what no read has shown yet', () => {
  const groupById = async (GroupId: string) => {
    const { SecurityGroups } = await aws.ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }),
    );
    return SecurityGroups?.map((group) => group.GroupId);
  };

  test('a new security group is unknown to the first two reads by id', async () => {
    lag('DescribeSecurityGroups', 2);
    const id = await createGroup(aws.ec2, network.vpcId, 'new');
    const unknown = { name: 'InvalidGroup.NotFound', message: expect.stringContaining(id) };
    await expect(groupById(id)).rejects.toMatchObject(unknown);
    await expect(groupById(id)).rejects.toMatchObject(unknown);
    expect(await groupById(id)).toEqual([id]);
  });

  test('a new security group is not found by its name', async () => {
    const id = await createGroup(aws.ec2, network.vpcId, 'new');
    lag('DescribeSecurityGroups', 1);
    const byName = new DescribeSecurityGroupsCommand({
      Filters: [{ Name: 'group-name', Values: ['new'] }],
    });
    expect((await aws.ec2.send(byName)).SecurityGroups).toEqual([]);
    expect(groupIds({ Groups: (await aws.ec2.send(byName)).SecurityGroups })).toEqual([id]);
  });

  test.each([
    [
      'instance',
      'DescribeInstances',
      'InvalidInstanceID.NotFound',
      async () => {
        const { InstanceId } = await launch(aws.ec2, { SubnetId: network.subnetId });
        return () => describeInstance(aws.ec2, InstanceId);
      },
    ],
    [
      'interface',
      'DescribeNetworkInterfaces',
      'InvalidNetworkInterfaceID.NotFound',
      async () => {
        const { NetworkInterface } = await aws.ec2.send(
          new CreateNetworkInterfaceCommand({ SubnetId: network.subnetId }),
        );
        const NetworkInterfaceIds = [NetworkInterface?.NetworkInterfaceId ?? ''];
        return () => aws.ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds }));
      },
    ],
  ])('a new %s is unknown', async (_, action, name, create) => {
    const read = await create();
    lag(action, 1);
    await expect(read()).rejects.toMatchObject({ name });
    await expect(read()).resolves.toBeDefined();
  });

  test('what a read has shown is known to every other read', async () => {
    const id = await createGroup(aws.ec2, network.vpcId, 'old');
    await aws.ec2.send(new DescribeSecurityGroupsCommand({}));
    lag('DescribeSecurityGroups', 1);
    expect(await groupById(id)).toEqual([id]);
  });
});

describe('what has changed', () => {
  test('the groups of an interface are the former ones, until the lag is used up', async () => {
    const { NetworkInterfaces } = await launch(aws.ec2, { SubnetId: network.subnetId });
    const NetworkInterfaceId = NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '';
    const read = async () => {
      const { NetworkInterfaces: found } = await aws.ec2.send(
        new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [NetworkInterfaceId] }),
      );
      return groupIds(found?.[0] ?? {});
    };
    const before = await read();
    const id = await createGroup(aws.ec2, network.vpcId, 'isolation');
    await aws.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [id] }),
    );
    lag('DescribeNetworkInterfaces', 2);
    expect([await read(), await read(), await read()]).toEqual([before, before, [id]]);
    lag('DescribeNetworkInterfaces', 1);
    expect([await read(), await read()]).toEqual([before, [id]]);
  });

  test('tags are the former ones', async () => {
    const { InstanceId } = await launch(aws.ec2, { SubnetId: network.subnetId });
    const keys = async () => {
      const { Tags } = await aws.ec2.send(
        new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [InstanceId] }] }),
      );
      return Tags?.map(({ Key }) => Key);
    };
    await keys();
    await aws.ec2.send(
      new CreateTagsCommand({ Resources: [InstanceId], Tags: [{ Key: 'case', Value: '1' }] }),
    );
    lag('DescribeTags', 1);
    expect([await keys(), await keys()]).toEqual([[], ['case']]);
  });

  test('an attribute of an instance is the former one', async () => {
    const { InstanceId } = await launch(aws.ec2, { SubnetId: network.subnetId });
    const read = async () => {
      const answer = await aws.ec2.send(
        new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'disableApiTermination' }),
      );
      return answer.DisableApiTermination?.Value;
    };
    await read();
    await aws.ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId, DisableApiTermination: { Value: true } }),
    );
    lag('*', 1);
    expect([await read(), await read()]).toEqual([false, true]);
  });

  test('what never changed is answered truly, and changes do not lag', async () => {
    const { InstanceId } = await launch(aws.ec2, { SubnetId: network.subnetId });
    await describeInstance(aws.ec2, InstanceId);
    lag('*', 1);
    const tags = { Resources: [InstanceId], Tags: [{ Key: 'k', Value: 'v' }] };
    await aws.ec2.send(new CreateTagsCommand(tags));
    expect((await describeInstance(aws.ec2, InstanceId)).Tags ?? []).toEqual([]);
    lag('*', 1);
    expect((await aws.ec2.send(new DescribeTagsCommand({}))).Tags).toHaveLength(1);
  });
});

test('a reset forgets lags and answers', async () => {
  lag('*', Number.POSITIVE_INFINITY);
  await aws.emulator.reset();
  const { vpcId } = await createNetwork(aws.ec2);
  const id = await createGroup(aws.ec2, vpcId, 'new');
  const { SecurityGroups } = await aws.ec2.send(
    new DescribeSecurityGroupsCommand({ GroupIds: [id] }),
  );
  expect(SecurityGroups).toHaveLength(1);
});
