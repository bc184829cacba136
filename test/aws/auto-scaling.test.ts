import {
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { readMembers, readMembership } from '../../src/aws/auto-scaling.ts';
import { denied, throttled } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';
import { instanceId } from '../steps/sample-instance.ts';

const group = {
  AutoScalingGroupName: 'web-asg',
  MinSize: 1,
  DesiredCapacity: 2,
  MaxSize: 2,
  DefaultCooldown: 300,
  AvailabilityZones: [],
  HealthCheckType: 'ELB',
  CreatedTime: new Date(0),
  TargetGroupARNs: ['arn:web'],
  LoadBalancerNames: ['old-web'],
  TrafficSources: [
    { Identifier: 'arn:web', Type: 'elbv2' },
    { Identifier: 'arn:lattice', Type: 'vpc-lattice' },
  ],
  Instances: [
    {
      InstanceId: instanceId,
      LifecycleState: 'InService' as const,
      AvailabilityZone: 'eu-central-1a',
      HealthStatus: 'Healthy',
      ProtectedFromScaleIn: true,
    },
  ],
  SuspendedProcesses: [{ ProcessName: 'Launch' }],
};

const scene = (groups = [group]) => {
  const aws = fakeAws();
  aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({
    AutoScalingInstances: [
      {
        InstanceId: instanceId,
        AutoScalingGroupName: 'web-asg',
        AvailabilityZone: 'eu-central-1a',
        HealthStatus: 'HEALTHY',
        LifecycleState: 'InService',
        ProtectedFromScaleIn: true,
      },
    ],
  });
  aws.autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: groups });
  return { ...aws, read: () => readMembership(aws.deps.clients.autoScaling, instanceId) };
};

describe('the place of an instance in its Auto Scaling group', () => {
  it('is read with what an undo and the search for a replacement need', async () => {
    expect(await scene().read()).toEqual({
      known: true,
      membership: {
        groupName: 'web-asg',
        lifecycleState: 'InService',
        protectedFromScaleIn: true,
        targetGroupArns: ['arn:web'],
        loadBalancerNames: ['old-web'],
        latticeTargetGroups: ['arn:lattice'],
        instanceIds: [instanceId],
        sizes: { minimum: 1, desired: 2, maximum: 2 },
        suspendedProcesses: ['Launch'],
      },
    });
  });

  it('is asked for by name where the group is not among the first hundred', async () => {
    const { autoScaling, read } = scene([]);
    autoScaling
      .on(DescribeAutoScalingGroupsCommand, { AutoScalingGroupNames: ['web-asg'] })
      .resolves({ AutoScalingGroups: [group] });
    expect(await read()).toMatchObject({ membership: { targetGroupArns: ['arn:web'] } });
  });

  it('is known without the rest where the groups cannot be read: the detach needs the name', async () => {
    const { autoScaling, read } = scene();
    autoScaling.on(DescribeAutoScalingGroupsCommand).rejects(denied());
    expect(await read()).toEqual({
      known: true,
      membership: {
        groupName: 'web-asg',
        lifecycleState: 'InService',
        protectedFromScaleIn: true,
        targetGroupArns: [],
        loadBalancerNames: [],
      },
    });
  });

  it('is unknown, never "in none", where it cannot be read', async () => {
    const { autoScaling, read } = scene();
    autoScaling.on(DescribeAutoScalingInstancesCommand).rejects(throttled());
    expect(await read()).toEqual({
      known: false,
      why: expect.stringContaining('RequestLimitExceeded'),
    });
  });

  it('is none where AWS names none', async () => {
    const { autoScaling, read } = scene();
    autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({ AutoScalingInstances: [] });
    expect(await read()).toEqual({ known: true });
  });
});

it('the members of a group that is gone are none', async () => {
  const { deps } = scene([]);
  expect(await readMembers(deps.clients.autoScaling, 'web-asg')).toEqual([]);
});
