import {
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import { expect, describe as group, it } from 'vitest';
import { AwsUnavailableError, InstanceNotFoundError } from '../../src/case/errors.ts';
import { describe } from '../../src/steps/describe.ts';
import { awsError } from './aws-error.ts';
import { runbookScene } from './runbook-scene.ts';
import { instanceId } from './sample-instance.ts';

const never = () => new Promise(() => {});

const scene = () => {
  const { aws } = runbookScene({ autoScalingGroup: 'web-asg' });
  const run = async () =>
    (await describe(aws.deps, { instanceId, region: 'eu-central-1' })).detail.before;
  return { aws, run };
};

const lesser: Readonly<Record<string, (aws: ReturnType<typeof scene>['aws']) => unknown>> = {
  'the membership': (aws) =>
    aws.autoScaling.on(DescribeAutoScalingInstancesCommand).callsFake(never),
  'the Auto Scaling groups': (aws) =>
    aws.autoScaling.on(DescribeAutoScalingGroupsCommand).callsFake(never),
  'an attribute': (aws) => aws.ec2.on(DescribeInstanceAttributeCommand).callsFake(never),
  'the interfaces': (aws) => aws.ec2.on(DescribeNetworkInterfacesCommand).callsFake(never),
};

group('what may be absent', () => {
  // fault A7
  it.each(Object.entries(lesser))('is absent after three seconds: %s', async (_, hang) => {
    const { aws, run } = scene();
    hang(aws);
    const { instance } = await run();
    expect(instance.networkInterfaces).toHaveLength(1);
    expect(aws.clock.elapsed).toBe(3_000);
  });

  it('is said not to be known, never taken for none', async () => {
    const { aws, run } = scene();
    lesser['the membership']?.(aws);
    expect((await run()).autoScaling).toEqual({
      known: false,
      why: expect.stringContaining('did not answer'),
    });
  });
});

group('what is indispensable', () => {
  // fault A7: twice, and the message, must fit into 30 seconds
  it.each([
    ['the instance', DescribeInstancesCommand],
    ['the groups', DescribeSecurityGroupsCommand],
  ] as const)('is given up in time to tell: %s', async (_, command) => {
    const { aws, run } = scene();
    aws.ec2.on(command as typeof DescribeInstancesCommand).callsFake(never);
    await expect(run()).rejects.toThrow(/did not answer/);
    expect(aws.clock.elapsed).toBeLessThanOrEqual(10_000);
  });

  // fault A8
  it.each([
    ['no list', {}],
    ['an answer that cannot be read', Object.assign(new Error('XML'), { $response: {} })],
  ])('is asked for again after %s of groups', async (_, answer) => {
    const { aws, run } = scene();
    const groups = aws.ec2.on(DescribeSecurityGroupsCommand);
    if (answer instanceof Error) groups.rejectsOnce(answer).resolves({ SecurityGroups: [] });
    else groups.resolvesOnce(answer).resolves({ SecurityGroups: [] });
    expect((await run()).groups).toEqual([]);
  });

  // fault A8
  it('is never taken for no groups, though the answer stays cut short', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeSecurityGroupsCommand).resolves({});
    await expect(run()).rejects.toThrow(AwsUnavailableError);
  });
});

group('an id that EC2 does not know', () => {
  const unknown = () => awsError('InvalidInstanceID.NotFound');

  // fault O7
  it('is looked up again: a new instance is not known everywhere at once', async () => {
    const { aws, run } = scene();
    const real = await aws.deps.clients.ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
    );
    aws.ec2
      .on(DescribeInstancesCommand)
      .rejectsOnce(unknown())
      .rejectsOnce(unknown())
      .resolves(real);
    expect((await run()).instance.id).toBe(instanceId);
  });

  it('is absent after a few looks', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeInstancesCommand).rejects(unknown());
    await expect(run()).rejects.toThrow(InstanceNotFoundError);
    expect(aws.clock.elapsed).toBe(3_000);
  });

  it('is not looked up again where it is no id at all', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeInstancesCommand).rejects(awsError('InvalidInstanceID.Malformed'));
    await expect(run()).rejects.toThrow(InstanceNotFoundError);
    expect(aws.ec2.commandCalls(DescribeInstancesCommand)).toHaveLength(1);
  });
});
