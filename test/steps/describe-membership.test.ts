import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import {
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { describe as describeStep } from '../../src/steps/describe.ts';
import { awsError, throttled } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import { instanceId, region, targetGroupArn } from './sample-instance.ts';

const group = {
  AutoScalingGroupName: 'web-asg',
  TargetGroupARNs: [targetGroupArn('web')],
  LoadBalancerNames: ['old-web'],
  Instances: [{ InstanceId: instanceId }],
  SuspendedProcesses: [{ ProcessName: 'AZRebalance' }],
};

const scene = () => {
  const aws = fakeAws();
  new FakeEc2(aws);
  aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({
    AutoScalingInstances: [
      {
        InstanceId: instanceId,
        AutoScalingGroupName: 'web-asg',
        LifecycleState: 'InService',
        ProtectedFromScaleIn: true,
        AvailabilityZone: 'eu-central-1a',
        HealthStatus: 'HEALTHY',
      },
    ],
  });
  aws.autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
  const run = async () => {
    const { detail } = await describeStep(aws.deps, { instanceId, region });
    return detail.before.autoScaling;
  };
  return { aws, run };
};

const accessDenied = () => awsError('AccessDenied', 'not authorized', 403);

describe('the Auto Scaling group of an instance', () => {
  it('is known with its own target groups and classic load balancers', async () => {
    const { aws, run } = scene();
    aws.autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .resolves({ AutoScalingGroups: [group as AutoScalingGroup] });
    expect(await run()).toEqual({
      known: true,
      membership: {
        groupName: 'web-asg',
        lifecycleState: 'InService',
        protectedFromScaleIn: true,
        targetGroupArns: [targetGroupArn('web')],
        loadBalancerNames: ['old-web'],
        instanceIds: [instanceId],
        suspendedProcesses: ['AZRebalance'],
      },
    });
    expect(aws.autoScaling).toHaveReceivedCommandTimes(DescribeAutoScalingGroupsCommand, 1);
  });

  it('is asked for by name when it is not on the first page of the groups', async () => {
    const { aws, run } = scene();
    aws.autoScaling
      .on(DescribeAutoScalingGroupsCommand, { AutoScalingGroupNames: ['web-asg'] })
      .resolves({ AutoScalingGroups: [group as AutoScalingGroup] });
    expect(await run()).toMatchObject({
      known: true,
      membership: { targetGroupArns: [targetGroupArn('web')] },
    });
  });

  it('is none for an instance that is in no group', async () => {
    const { aws, run } = scene();
    aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({ AutoScalingInstances: [] });
    expect(await run()).toEqual({ known: true });
  });

  it('is unknown, which is not "none", when the calls are denied; describe goes on', async () => {
    const { aws, run } = scene();
    aws.autoScaling.on(DescribeAutoScalingInstancesCommand).rejects(accessDenied());
    aws.autoScaling.on(DescribeAutoScalingGroupsCommand).rejects(accessDenied());
    expect(await run()).toEqual({ known: false, why: expect.stringContaining('AccessDenied') });
  });

  it('is unknown when AWS is too busy to tell', async () => {
    const { aws, run } = scene();
    aws.autoScaling.on(DescribeAutoScalingInstancesCommand).rejects(throttled());
    expect(await run()).toMatchObject({ known: false });
  });

  it('is known by name even if nobody may read what is attached to it', async () => {
    const { aws, run } = scene();
    aws.autoScaling.on(DescribeAutoScalingGroupsCommand).rejects(accessDenied());
    // The detach needs the name only; without it the group terminates the evidence.
    expect(await run()).toMatchObject({ known: true, membership: { groupName: 'web-asg' } });
  });
});
