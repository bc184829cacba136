import {
  DeregisterInstancesFromLoadBalancerCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  DeregisterTargetsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Before } from '../../src/case/before.ts';
import type { DeregisterDetail } from '../../src/case/details.ts';
import { deregisterLoadBalancers } from '../../src/steps/deregister-load-balancers.ts';
import { awsError, denied, throttled } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeLoadBalancing } from './fake-load-balancing.ts';
import { aBefore, aCase, instanceId, targetGroupArn } from './sample-instance.ts';

type Balancing = ConstructorParameters<typeof FakeLoadBalancing>[1];

const scene = (balancing: Balancing, change: Partial<Before> = {}) => {
  const aws = fakeAws();
  const world = new FakeLoadBalancing(aws, balancing);
  const run = async (dryRun = false) => {
    const input = { case: aCase({ dryRun }), before: aBefore(change) };
    const { outcome, detail } = await deregisterLoadBalancers(aws.deps, input);
    return { outcome, detail: detail as DeregisterDetail };
  };
  return { aws, world, run };
};

const ours = { id: instanceId, port: 80 };

describe('trouble', () => {
  const groups = ['a', 'b', 'c'].map((name) => ({ name, targets: [ours] }));

  it('with one group does not stop the others, and the message names it', async () => {
    const { aws, world, run } = scene({ groups, classic: { 'old-web': [instanceId] } });
    aws.loadBalancingV2
      .on(DeregisterTargetsCommand, { TargetGroupArn: targetGroupArn('b') })
      .rejects(denied());
    const running = run();
    await expect(running).rejects.toMatchObject({ name: 'DeregistrationIncompleteError' });
    expect(world.registered).toEqual([`b ${instanceId}:80`]);
    expect(world.instancesOf('old-web')).toEqual([]);
    await expect(running).rejects.toThrow('targetgroup/b/');
  });

  it('is none when a group went while it was being read', async () => {
    const { aws, run } = scene({ groups });
    aws.loadBalancingV2
      .on(DescribeTargetHealthCommand, { TargetGroupArn: targetGroupArn('b') })
      .rejects(awsError('TargetGroupNotFoundException'));
    expect((await run()).outcome).toBe('done');
  });

  it('is none when the registration went while it was being taken out', async () => {
    const { aws, run } = scene({ groups, classic: { 'old-web': [instanceId] } });
    aws.loadBalancingV2
      .on(DeregisterTargetsCommand)
      .rejects(awsError('TargetGroupNotFoundException'));
    aws.loadBalancing
      .on(DeregisterInstancesFromLoadBalancerCommand)
      .rejects(awsError('AccessPointNotFoundException'));
    expect((await run()).outcome).toBe('done');
  });

  it('of load is worth another try', async () => {
    const { aws, run } = scene({ groups });
    aws.loadBalancingV2
      .on(DescribeTargetHealthCommand, { TargetGroupArn: targetGroupArn('b') })
      .rejects(throttled());
    await expect(run()).rejects.toMatchObject({ name: 'AwsUnavailableError' });
  });

  it('with listing the target groups does not keep the classic load balancers', async () => {
    const { aws, world, run } = scene({ classic: { 'old-web': [instanceId] } });
    aws.loadBalancingV2.on(DescribeTargetGroupsCommand).rejects(denied());
    await expect(run()).rejects.toMatchObject({ name: 'DeregistrationIncompleteError' });
    expect(world.instancesOf('old-web')).toEqual([]);
  });

  it('with listing the classic load balancers does not keep the target groups', async () => {
    const { aws, world, run } = scene({ groups });
    aws.loadBalancing.on(DescribeLoadBalancersCommand).rejects(denied());
    await expect(run()).rejects.toMatchObject({ name: 'DeregistrationIncompleteError' });
    expect(world.registered).toEqual([]);
  });
});
