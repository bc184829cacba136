import {
  AttachInstancesCommand,
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLoadBalancerCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createNetwork, describeInstance, launch } from '../world.ts';

const aws = useEmulator();
let network: { vpcId: string; subnetId: string };

beforeEach(async () => {
  network = await createNetwork(aws.ec2);
  await aws.autoScaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'config',
      ImageId: 'ami-12345678',
      InstanceType: 't3.micro',
    }),
  );
});

const createGroup = (name: string, more: Partial<CreateAutoScalingGroupCommandInput> = {}) =>
  aws.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchConfigurationName: 'config',
      MinSize: 0,
      MaxSize: 5,
      DesiredCapacity: 0,
      VPCZoneIdentifier: network.subnetId,
      ...more,
    }),
  );

const describeGroup = async (name: string) => {
  const { AutoScalingGroups } = await aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  const [group] = AutoScalingGroups ?? [];
  return {
    desired: group?.DesiredCapacity,
    members: group?.Instances?.map(({ InstanceId }) => InstanceId ?? '') ?? [],
  };
};

const detach = (id: string | undefined, ShouldDecrementDesiredCapacity = false) =>
  aws.autoScaling.send(
    new DetachInstancesCommand({
      AutoScalingGroupName: 'web',
      InstanceIds: [id ?? ''],
      ShouldDecrementDesiredCapacity,
    }),
  );

describe('detaching', () => {
  test('a member leaves the load balancers, and its replacement joins them', async () => {
    await aws.emulator.timing({ drainingSeconds: 0 });
    const { TargetGroups } = await aws.elbV2.send(
      new CreateTargetGroupCommand({
        Name: 'targets',
        Protocol: 'HTTP',
        Port: 80,
        VpcId: network.vpcId,
      }),
    );
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
    await aws.elb.send(
      new CreateLoadBalancerCommand({
        LoadBalancerName: 'classic',
        Listeners: [{ Protocol: 'tcp', LoadBalancerPort: 80, InstancePort: 80 }],
        Subnets: [network.subnetId],
      }),
    );
    await createGroup('web', {
      DesiredCapacity: 2,
      TargetGroupARNs: [TargetGroupArn],
      LoadBalancerNames: ['classic'],
    });
    const before = await describeGroup('web');
    const [suspect, bystander] = before.members;

    const { Activities } = await detach(suspect);

    expect(Activities?.[0]?.Description).toContain(suspect);
    const after = await describeGroup('web');
    expect(after.desired).toBe(2);
    expect(after.members).toHaveLength(2);
    expect(after.members).toContain(bystander);
    expect(after.members).not.toContain(suspect);
    const { TargetHealthDescriptions } = await aws.elbV2.send(
      new DescribeTargetHealthCommand({ TargetGroupArn }),
    );
    expect(TargetHealthDescriptions?.map(({ Target }) => Target?.Id).sort()).toEqual(
      after.members.toSorted(),
    );
    const { LoadBalancerDescriptions } = await aws.elb.send(new DescribeLoadBalancersCommand({}));
    const behind = LoadBalancerDescriptions?.[0]?.Instances?.map(({ InstanceId }) => InstanceId);
    expect(behind?.sort()).toEqual(after.members.toSorted());
    expect((await describeInstance(aws.ec2, suspect ?? '')).State?.Name).toBe('running');
    const { AutoScalingInstances } = await aws.autoScaling.send(
      new DescribeAutoScalingInstancesCommand({ InstanceIds: [suspect ?? ''] }),
    );
    expect(AutoScalingInstances).toEqual([]);
  });

  test('nothing replaces a member whose place is given up', async () => {
    await createGroup('web', { DesiredCapacity: 2 });
    const [first] = (await describeGroup('web')).members;
    await detach(first, true);
    expect(await describeGroup('web')).toMatchObject({ desired: 1, members: [expect.any(String)] });
  });

  test('a place below the minimum cannot be given up', async () => {
    await createGroup('web', { DesiredCapacity: 1, MinSize: 1 });
    const [only] = (await describeGroup('web')).members;
    await expect(detach(only, true)).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('an instance that is no member is refused', async () => {
    await createGroup('web');
    const { InstanceId } = await launch(aws.ec2, { SubnetId: network.subnetId });
    await expect(detach(InstanceId)).rejects.toMatchObject({
      name: 'ValidationError',
      message: `The instance ${InstanceId} is not part of Auto Scaling group web.`,
    });
  });

  test('a group that is not there is refused', async () => {
    await expect(detach('i-0123456789abcdef0')).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('attaching', () => {
  const attach = (...InstanceIds: string[]) =>
    aws.autoScaling.send(new AttachInstancesCommand({ AutoScalingGroupName: 'web', InstanceIds }));

  test('adds to the desired capacity, of which members that stand by are no part', async () => {
    await createGroup('web', { DesiredCapacity: 2 });
    const [first = '', second = ''] = (await describeGroup('web')).members;
    await aws.autoScaling.send(
      new EnterStandbyCommand({
        AutoScalingGroupName: 'web',
        InstanceIds: [first],
        ShouldDecrementDesiredCapacity: true,
      }),
    );
    await detach(second, true);
    expect(await describeGroup('web')).toEqual({ desired: 0, members: [first] });
    await attach(second);
    expect(await describeGroup('web')).toEqual({ desired: 1, members: [first, second] });
  });

  test('is refused where the group is full', async () => {
    await createGroup('web', { DesiredCapacity: 2, MaxSize: 2 });
    const [first = ''] = (await describeGroup('web')).members;
    await detach(first);
    await expect(attach(first)).rejects.toMatchObject({ name: 'ValidationError' });
    expect((await describeGroup('web')).members).not.toContain(first);
  });
});

test('groups come in pages of 50, or of as many as asked for up to 100', async () => {
  await Promise.all(Array.from({ length: 51 }, (_, n) => createGroup(`g${n}`)));
  const page = (MaxRecords?: number, NextToken?: string) =>
    aws.autoScaling.send(new DescribeAutoScalingGroupsCommand({ MaxRecords, NextToken }));
  const first = await page();
  expect(first.AutoScalingGroups).toHaveLength(50);
  const second = await page(undefined, first.NextToken);
  expect(second.AutoScalingGroups).toHaveLength(1);
  expect(second.NextToken).toBeUndefined();
  expect((await page(100)).AutoScalingGroups).toHaveLength(51);
  await expect(page(101)).rejects.toMatchObject({ name: 'ValidationError' });
});
