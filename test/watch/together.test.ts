import { DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstanceAttributeCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSnapshotsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { readTogether } from '../../src/aws/readers/batch-reader.ts';
import { controlOf } from '../../src/case/control.ts';
import { findCase } from '../../src/find-case.ts';
import { verifyFound } from '../../src/verify-case.ts';
import { throttled } from '../steps/aws-error.ts';
import {
  firstInterface,
  instanceId,
  isolationId,
  region,
  targetGroupArn,
  webGroup,
} from '../steps/sample-instance.ts';
import { driftScene, secondId } from './drift-scene.ts';

const ids = [instanceId, secondId];
const balancing = { groups: [{ name: 'web', targets: [] }] };

describe('what one check reads of several cases', () => {
  it('is read together: the load balancers once, what hangs on instances by all of their ids', async () => {
    const { aws, run } = driftScene({ two: true, balancing });
    await run();
    expect(aws.loadBalancingV2).toHaveReceivedCommandTimes(DescribeTargetGroupsCommand, 1);
    expect(aws.loadBalancingV2).toHaveReceivedCommandTimes(DescribeTargetHealthCommand, 1);
    expect(aws.ec2).toHaveReceivedCommandWith(DescribeInstancesCommand, {
      Filters: [{ Name: 'instance-id', Values: ids }],
    });
    for (const command of [
      DescribeVolumesCommand,
      DescribeSnapshotsCommand,
      DescribeInstanceStatusCommand,
      DescribeTagsCommand,
    ]) {
      expect(aws.ec2).toHaveReceivedCommandTimes(command, 1);
    }
    expect(aws.autoScaling).toHaveReceivedCommandTimes(DescribeAutoScalingInstancesCommand, 1);
    // One attribute of one instance a call, and each but once.
    expect(aws.ec2).toHaveReceivedCommandTimes(DescribeInstanceAttributeCommand, 6);
    // No instance was read alone.
    expect(aws.ec2).not.toHaveReceivedCommandWith(DescribeInstancesCommand, {
      InstanceIds: [instanceId],
    });
  });

  it('is claimed of the moment at which the reading began, not of a later one', async () => {
    const { aws, deps, balancing: balancers } = driftScene({ balancing });
    const { together } = await readTogether(deps, [instanceId]);
    const begun = aws.clock.now().toISOString();
    const readTargets = async (reading: typeof deps & { reader?: typeof together }) => {
      const report = await verifyFound(reading, await findCase(reading, instanceId, region));
      return controlOf(report.proof, 'targets');
    };
    const reading = { ...deps, reader: together };
    expect(await readTargets(reading)).toMatchObject({ holds: true, readAt: begun });
    await aws.clock.sleep(60_000);
    balancers.register('web', { id: instanceId, port: 80 });
    // Still what was true at that moment, and said to be of that moment.
    expect(await readTargets(reading)).toMatchObject({ holds: true, readAt: begun });
    // The next check reads anew.
    const next = await readTogether(deps, [instanceId]);
    expect(await readTargets({ ...deps, reader: next.together })).toMatchObject({
      holds: false,
      observed: expect.stringContaining(instanceId),
    });
  });
});

describe('the attributes of many instances', () => {
  it('are read at a pace, by whichever reader, because each is a call of its own', async () => {
    const { aws, deps } = driftScene();
    const { afresh } = await readTogether(deps, [instanceId]);
    const begun = aws.clock.elapsed;
    const readings = Array.from({ length: 40 }, () => afresh.ec2.instance(instanceId, region));
    await Promise.all(readings);
    // 120 calls: 50 at once, the others at 12 a second.
    expect(aws.clock.elapsed - begun).toBe(6_000);
  });
});

describe('what was read together and may be old', () => {
  const attributes = {
    DisableApiTermination: { Value: true },
    DisableApiStop: { Value: true },
    InstanceInitiatedShutdownBehavior: { Value: 'stop' },
  };

  it.each(['alert', 'enforce'] as const)(
    'makes nobody isolate nor raise an alarm: the instance is read again, with OnDrift=%s',
    async (onDrift) => {
      const { aws, world, run, told } = driftScene({ settings: { onDrift } });
      world.place(firstInterface, [webGroup]);
      // Somebody isolates it between the batch and the look at this case.
      aws.ec2.on(DescribeInstanceAttributeCommand).callsFake(async () => {
        world.place(firstInterface, [isolationId]);
        return attributes;
      });
      expect((await run()).checked).toMatchObject([{ drifted: [], reisolated: [], told: [] }]);
      expect(world.moves).toEqual([]);
      expect(told()).toEqual([]);
    },
  );
});

describe('a batch that cannot be read', () => {
  const attached = (Values: string[]) => ({
    Filters: [{ Name: 'attachment.instance-id', Values }],
  });
  const tagged = (Values: string[]) => ({ Filters: [{ Name: 'tag:cordon:instance', Values }] });
  const filtered = { Filters: [{ Name: 'instance-id', Values: ids }] };
  const alone = { InstanceIds: [secondId] };

  it.each([
    ['instances', DescribeInstancesCommand, filtered, alone],
    ['interfaces', DescribeNetworkInterfacesCommand, attached(ids), attached([secondId])],
    ['volumes', DescribeVolumesCommand, attached(ids), attached([secondId])],
    ['snapshots', DescribeSnapshotsCommand, tagged(ids), tagged([secondId])],
    ['scheduled events', DescribeInstanceStatusCommand, { InstanceIds: ids }, alone],
  ])('of %s has each of them read alone, and is logged', async (what, command, all, one) => {
    const { aws, run, told } = driftScene({ two: true });
    aws.ec2.on(command as typeof DescribeInstancesCommand, all as object).rejects(throttled());
    expect((await run()).checked).toMatchObject([
      { instanceId, drifted: [] },
      { instanceId: secondId, drifted: [] },
    ]);
    expect(told()).toEqual([]);
    expect(aws.ec2).toHaveReceivedCommandWith(
      command as typeof DescribeInstancesCommand,
      one as object,
    );
    const line = aws.log.line('a batch could not be read, so each is read alone');
    expect(line?.fields).toMatchObject({ what, resources: 2 });
  });

  it('of memberships has each of them read alone', async () => {
    const { aws, run } = driftScene({ two: true });
    aws.autoScaling
      .on(DescribeAutoScalingInstancesCommand, { InstanceIds: ids })
      .rejects(throttled());
    const { checked } = await run();
    expect(checked.map(({ drifted }) => drifted)).toEqual([[], []]);
    expect(aws.autoScaling).toHaveReceivedCommandWith(DescribeAutoScalingInstancesCommand, {
      InstanceIds: [secondId],
    });
  });

  it('for a moment only, of a target group, makes no case doubtful but the one that read it', async () => {
    const { aws, run } = driftScene({ two: true, balancing });
    aws.loadBalancingV2
      .on(DescribeTargetHealthCommand, { TargetGroupArn: targetGroupArn('web') })
      .rejectsOnce(throttled())
      .resolves({ TargetHealthDescriptions: [] });
    const { checked } = await run();
    expect(checked.map(({ drifted }) => drifted)).toEqual([['targets'], []]);
  });
});

describe('an instance that the batch does not have', () => {
  it('is read alone, and the failure that is told is its own', async () => {
    const { aws, run, messages } = driftScene({ two: true });
    aws.ec2
      .on(DescribeInstancesCommand, { Filters: [{ Name: 'instance-id', Values: ids }] })
      .resolves({ Reservations: [] });
    aws.ec2.on(DescribeInstancesCommand, { InstanceIds: [secondId] }).rejects(throttled());
    const { checked } = await run();
    expect(checked).toMatchObject([{ instanceId, drifted: [] }, { instanceId: secondId }]);
    expect(messages.map(({ news }) => news.instanceId)).toEqual([secondId]);
    expect(messages[0]?.news.what).toContain('RequestLimitExceeded');
  });
});
