import {
  AttachLoadBalancersCommand,
  AttachTrafficSourcesCommand,
  type AutoScalingGroup,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeTrafficSourcesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  type LifecycleState,
  ResumeProcessesCommand,
  SetDesiredCapacityCommand,
  SuspendProcessesCommand,
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
import { createNetwork } from '../world.ts';

const aws = useEmulator();
let TargetGroupArn: string;
let memberIds: string[];

const group = async (): Promise<AutoScalingGroup | undefined> => {
  const { AutoScalingGroups } = await aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['web'] }),
  );
  return AutoScalingGroups?.[0];
};

const members = async (): Promise<string[]> =>
  (await group())?.Instances?.map(({ InstanceId }) => InstanceId ?? '') ?? [];

beforeEach(async () => {
  await aws.emulator.timing({ drainingSeconds: 0 });
  const network = await createNetwork(aws.ec2);
  const { TargetGroups } = await aws.elbV2.send(
    new CreateTargetGroupCommand({
      Name: 'targets',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: network.vpcId,
    }),
  );
  TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  await aws.autoScaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'config',
      ImageId: 'ami-12345678',
      InstanceType: 't3.micro',
    }),
  );
  await aws.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'web',
      LaunchConfigurationName: 'config',
      MinSize: 1,
      MaxSize: 5,
      DesiredCapacity: 2,
      VPCZoneIdentifier: network.subnetId,
      TargetGroupARNs: [TargetGroupArn],
    }),
  );
  memberIds = await members();
});

const stateOf = async (instanceId: string) => {
  const { AutoScalingInstances } = await aws.autoScaling.send(
    new DescribeAutoScalingInstancesCommand({ InstanceIds: [instanceId] }),
  );
  return AutoScalingInstances?.[0]?.LifecycleState;
};

const targets = async () => {
  const { TargetHealthDescriptions } = await aws.elbV2.send(
    new DescribeTargetHealthCommand({ TargetGroupArn }),
  );
  return TargetHealthDescriptions?.map(({ Target }) => Target?.Id);
};

const of = (instanceId: string | undefined) => ({
  AutoScalingGroupName: 'web',
  InstanceIds: [instanceId ?? ''],
});

const detach = (instanceId: string | undefined, ShouldDecrementDesiredCapacity = false) =>
  aws.autoScaling.send(
    new DetachInstancesCommand({ ...of(instanceId), ShouldDecrementDesiredCapacity }),
  );

const enterStandby = (instanceId: string | undefined, ShouldDecrementDesiredCapacity = true) =>
  aws.autoScaling.send(
    new EnterStandbyCommand({ ...of(instanceId), ShouldDecrementDesiredCapacity }),
  );

describe('a member', () => {
  const states: LifecycleState[] = [
    'Pending',
    'Pending:Wait',
    'Terminating:Wait',
    'Detaching',
    'Warmed:Stopped',
  ];

  test.each(states)('in %s cannot be detached', async (state) => {
    const [id = ''] = memberIds;
    await aws.emulator.lifecycleState(id, state);
    expect(await stateOf(id)).toBe(state);
    await expect(detach(id)).rejects.toMatchObject({
      name: 'ValidationError',
      message: `The instance ${id} is not in InService or Standby.`,
    });
    expect((await members()).toSorted()).toEqual(memberIds.toSorted());
  });

  test('that is retained can be detached, but not off the desired capacity', async () => {
    const [id = ''] = memberIds;
    await aws.emulator.lifecycleState(id, 'Terminating:Retained');
    await expect(detach(id, true)).rejects.toThrow(/not in InService or Standby/);
    await detach(id, false);
    expect(await stateOf(id)).toBeUndefined();
  });

  test('that is pending is not replaced when another one is', async () => {
    const [pending = '', id] = memberIds;
    await aws.emulator.lifecycleState(pending, 'Pending:Wait');
    await detach(id);
    const now = await members();
    expect(now).toHaveLength(2);
    expect(now).toContain(pending);
  });

  test('is what has a state, and the state is one of AWS', async () => {
    const [id = ''] = memberIds;
    await expect(aws.emulator.lifecycleState('i-0', 'Standby')).rejects.toThrow(/i-0/);
    await expect(aws.emulator.lifecycleState(id, 'Detached')).rejects.toThrow(/Terminating:Wait/);
  });
});

describe('standby', () => {
  test('leaves the target group, stays a member, and can be detached', async () => {
    const [id = '', other] = memberIds;
    await enterStandby(id);
    expect(await stateOf(id)).toBe('Standby');
    expect(await targets()).toEqual([other]);
    await detach(id);
    expect(await members()).toEqual([other]);
  });

  test('is ended by ExitStandby, which brings the target back', async () => {
    const [id = ''] = memberIds;
    await enterStandby(id);
    await aws.autoScaling.send(new ExitStandbyCommand(of(id)));
    expect(await stateOf(id)).toBe('InService');
    expect((await targets())?.toSorted()).toEqual(memberIds.toSorted());
  });

  test('without decrement launches a replacement', async () => {
    await enterStandby(memberIds[0], false);
    expect(await members()).toHaveLength(3);
    expect(await targets()).toHaveLength(2);
  });

  test('does not go below the minimum size, and is for members in service', async () => {
    await enterStandby(memberIds[0]);
    await expect(enterStandby(memberIds[1])).rejects.toThrow(/min-size=1/);
    await expect(enterStandby(memberIds[0])).rejects.toThrow(/is not in InService/);
    await expect(enterStandby('i-0')).rejects.toThrow(/is not part of Auto Scaling group web/);
  });

  test('leaves the classic load balancer too, and comes back to it', async () => {
    await aws.elb.send(
      new CreateLoadBalancerCommand({
        LoadBalancerName: 'classic',
        Listeners: [{ Protocol: 'tcp', LoadBalancerPort: 80, InstancePort: 80 }],
        AvailabilityZones: ['us-east-1a'],
      }),
    );
    await aws.autoScaling.send(
      new AttachLoadBalancersCommand({
        AutoScalingGroupName: 'web',
        LoadBalancerNames: ['classic'],
      }),
    );
    const behind = async () => {
      const { LoadBalancerDescriptions } = await aws.elb.send(new DescribeLoadBalancersCommand({}));
      return LoadBalancerDescriptions?.[0]?.Instances?.map(({ InstanceId }) => InstanceId);
    };
    const [id = '', other] = memberIds;
    await enterStandby(id);
    expect(await behind()).toEqual([other]);
    await aws.autoScaling.send(new ExitStandbyCommand(of(id)));
    expect((await behind())?.toSorted()).toEqual(memberIds.toSorted());
  });

  test('takes the desired capacity down and up again, and no scaling in ends it', async () => {
    const [id = ''] = memberIds;
    await enterStandby(id);
    expect((await group())?.DesiredCapacity).toBe(1);
    await aws.autoScaling.send(new ExitStandbyCommand(of(id)));
    expect((await group())?.DesiredCapacity).toBe(2);
    await enterStandby(id, false);
    await aws.autoScaling.send(
      new SetDesiredCapacityCommand({ AutoScalingGroupName: 'web', DesiredCapacity: 1 }),
    );
    expect(await stateOf(id)).toBe('Standby');
    expect(await members()).toHaveLength(2);
  });
});

describe('suspended processes', () => {
  const AutoScalingGroupName = 'web';
  const suspend = (...ScalingProcesses: string[]) =>
    aws.autoScaling.send(
      new SuspendProcessesCommand({
        AutoScalingGroupName,
        ...(ScalingProcesses.length > 0 ? { ScalingProcesses } : {}),
      }),
    );
  const resume = (...ScalingProcesses: string[]) =>
    aws.autoScaling.send(
      new ResumeProcessesCommand({
        AutoScalingGroupName,
        ...(ScalingProcesses.length > 0 ? { ScalingProcesses } : {}),
      }),
    );
  const suspended = async () =>
    (await group())?.SuspendedProcesses?.map(({ ProcessName }) => ProcessName);

  test('are shown with the reason until they are resumed', async () => {
    expect(await suspended()).toEqual([]);
    await suspend('ReplaceUnhealthy', 'Terminate');
    expect(await suspended()).toEqual(['Terminate', 'ReplaceUnhealthy']);
    expect((await group())?.SuspendedProcesses?.[0]?.SuspensionReason).toMatch(
      /^User suspended at \d{4}-\d\d-\d\dT[\d:]+Z$/,
    );
    await resume('Terminate');
    expect(await suspended()).toEqual(['ReplaceUnhealthy']);
    await suspend();
    expect(await suspended()).toHaveLength(9);
    await resume();
    expect(await suspended()).toEqual([]);
  });

  test('are processes of a group that exists', async () => {
    await expect(suspend('Sleep')).rejects.toMatchObject({ name: 'ValidationError' });
    for (const Command of [SuspendProcessesCommand, ResumeProcessesCommand]) {
      await expect(
        aws.autoScaling.send(new Command({ AutoScalingGroupName: 'none' })),
      ).rejects.toMatchObject({ name: 'ValidationError' });
    }
  });

  test('that launch leave a place empty until they are resumed', async () => {
    const [id, other] = memberIds;
    await suspend('Launch');
    await detach(id);
    expect(await members()).toEqual([other]);
    expect((await group())?.DesiredCapacity).toBe(2);
    await enterStandby(other, false);
    expect(await members()).toEqual([other]);
    await resume('Launch');
    expect(await members()).toHaveLength(3);
    expect(await targets()).toHaveLength(2);
  });

  test('that add to load balancers leave new members out', async () => {
    const [id, other] = memberIds;
    await suspend('AddToLoadBalancer');
    await detach(id);
    expect(await members()).toHaveLength(2);
    expect(await targets()).toEqual([other]);
  });
});

test('traffic sources are target groups, classic load balancers and VPC Lattice', async () => {
  const lattice = 'arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-0123456789abcdef0';
  const sources = async (TrafficSourceType?: string) => {
    const { TrafficSources } = await aws.autoScaling.send(
      new DescribeTrafficSourcesCommand({ AutoScalingGroupName: 'web', TrafficSourceType }),
    );
    return TrafficSources?.map(({ Identifier, Type }) => ({ Identifier, Type }));
  };
  const targetGroup = { Identifier: TargetGroupArn, Type: 'elbv2' };
  expect(await sources()).toEqual([targetGroup]);
  expect(await sources('vpc-lattice')).toEqual([]);
  const added = { Identifier: lattice, Type: 'vpc-lattice' };
  await aws.autoScaling.send(
    new AttachTrafficSourcesCommand({ AutoScalingGroupName: 'web', TrafficSources: [added] }),
  );
  expect(await sources('vpc-lattice')).toEqual([added]);
  expect((await group())?.TrafficSources).toEqual([targetGroup, added]);
});
