import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, test } from 'vitest';
import { createRequestRates } from '../proxy/request-rates.ts';
import { clientConfiguration } from '../world/world-clients.ts';
import { useEmulator } from './fixture.ts';

describe('the documented rates', () => {
  const form = (text = '') => new URLSearchParams(text);
  const v2 = 'Version=2015-12-01';
  const classic = 'Version=2012-06-01';

  test.each<[string, string, string, number, number]>([
    ['ec2', 'DescribeInstances', '', 50, 10],
    ['ec2', 'DescribeInstances', 'InstanceId.1=i-1', 50, 10],
    ['ec2', 'DescribeInstances', 'Filter.1.Name=vpc-id', 100, 20],
    ['ec2', 'DescribeInstances', 'MaxResults=100', 100, 20],
    ['ec2', 'DescribeVpcs', '', 100, 20],
    ['ec2', 'GetConsoleScreenshot', '', 100, 20],
    ['ec2', 'ModifyInstanceAttribute', '', 50, 5],
    ['ec2', 'ModifyNetworkInterfaceAttribute', '', 100, 5],
    ['ec2', 'CreateSnapshots', '', 100, 5],
    ['ec2', 'CreateTags', '', 100, 10],
    ['ec2', 'RevokeSecurityGroupIngress', '', 50, 5],
    ['elasticloadbalancing', 'DescribeTargetHealth', v2, 200, 50],
    ['elasticloadbalancing', 'DeregisterTargets', v2, 20, 4],
    ['elasticloadbalancing', 'DeregisterInstancesFromLoadBalancer', classic, 20, 4],
    ['elasticloadbalancing', 'ModifyTargetGroup', v2, 20, 3],
  ])('%s:%s %s: %d, then %d per second', (service, action, params, burst, perSecond) => {
    let now = 0;
    const rates = createRequestRates(() => now);
    const call = { service, action, params: form(params) };
    const admitted = () => Array.from({ length: 300 }, () => rates.admit(call)).filter(Boolean);
    expect(admitted()).toHaveLength(burst);
    now += 1000;
    expect(admitted()).toHaveLength(perSecond);
    now += 3_600_000;
    expect(admitted()).toHaveLength(burst);
  });

  test('EC2 counts each action by itself, load balancing all reads of one API together', () => {
    const rates = createRequestRates(() => 0);
    const exhaust = (service: string, action: string, params = '') => {
      let count = 0;
      while (rates.admit({ service, action, params: form(params) })) count += 1;
      return count;
    };
    expect(exhaust('ec2', 'DescribeVolumes')).toBe(50);
    expect(exhaust('ec2', 'DescribeSnapshots')).toBe(50);
    expect(exhaust('elasticloadbalancing', 'DescribeTargetHealth', v2)).toBe(200);
    expect(exhaust('elasticloadbalancing', 'DescribeTargetGroups', v2)).toBe(0);
    expect(exhaust('elasticloadbalancing', 'DescribeLoadBalancers', classic)).toBe(200);
  });

  test('other services are not limited', () => {
    const rates = createRequestRates(() => 0);
    const call = { service: 'states', action: 'StartExecution', params: {} };
    expect(Array.from({ length: 2000 }, () => rates.admit(call)).every(Boolean)).toBe(true);
  });
});

describe('in the emulator', () => {
  const aws = useEmulator();

  const outcomes = async (send: () => Promise<unknown>, count: number) => {
    const results = await Promise.allSettled(Array.from({ length: count }, send));
    return results.map((result) => (result.status === 'rejected' ? result.reason.name : 'done'));
  };

  const once = () => ({ ...clientConfiguration(aws.emulator), maxAttempts: 1 });

  test('calls beyond the rates are throttled in the words of the service, when wanted', async () => {
    const ec2 = new EC2Client(once());
    const read = () => ec2.send(new DescribeNetworkInterfacesCommand({}));
    expect(new Set(await outcomes(read, 60))).toEqual(new Set(['done']));
    aws.emulator.traffic.rates(true, () => 0);
    const seen = await outcomes(read, 90);
    expect(seen.filter((name) => name === 'done').length).toBeGreaterThanOrEqual(50);
    expect(new Set(seen)).toEqual(new Set(['done', 'RequestLimitExceeded']));
    await aws.emulator.reset();
    expect(new Set(await outcomes(read, 60))).toEqual(new Set(['done']));
  });

  test('the load balancer says Throttling, and Auto Scaling nothing', async () => {
    aws.emulator.traffic.rates(true, () => 0);
    const elb = new ElasticLoadBalancingV2Client(once());
    const balancing = await outcomes(() => elb.send(new DescribeTargetGroupsCommand({})), 400);
    expect(new Set(balancing)).toEqual(new Set(['done', 'Throttling']));
    const scaling = () => aws.autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    expect(new Set(await outcomes(scaling, 60))).toEqual(new Set(['done']));
  });
});
