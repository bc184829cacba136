import {
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  type LifecycleState,
} from '@aws-sdk/client-auto-scaling';
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

const members = async (): Promise<string[]> => {
  const { AutoScalingGroups } = await aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['web'] }),
  );
  return AutoScalingGroups?.[0]?.Instances?.map(({ InstanceId }) => InstanceId ?? '') ?? [];
};

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
});
