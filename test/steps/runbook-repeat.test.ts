import {
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
} from '@aws-sdk/client-ec2';
import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { denied } from './aws-error.ts';
import { outcomesOf, runbookScene } from './runbook-scene.ts';
import {
  anInterface,
  anIsolationGroup,
  caseId,
  firstInterface,
  instanceId,
  isolationId,
  vpcId,
  webGroup,
} from './sample-instance.ts';

const later = `20260301T0320Z-${instanceId}`;

describe('a second finding about an instance that is contained', () => {
  // threat D6
  it('is the same case: nothing is opened, tagged anew or snapshotted twice', async () => {
    const { aws, world, run } = runbookScene({ autoScalingGroup: 'web-asg' });
    await run();
    const [moves, tags] = [world.moves.length, world.tagsOf(firstInterface)];
    const report = await run({ caseId: later });
    expect(report).toMatchObject({ caseId, status: 'contained' });
    expect(world.moves).toHaveLength(moves);
    expect(world.tagsOf(firstInterface)).toEqual(tags);
    expect(aws.ec2SingleAttempt).toHaveReceivedCommandTimes(CreateSnapshotsCommand, 1);
    expect(outcomesOf(report)).toMatchObject({
      'isolate-network': 'already',
      protect: 'already',
      snapshot: 'already',
    });
  });

  it('leaves the before-state in the tags as the first has written it', async () => {
    const { world, run } = runbookScene({ autoScalingGroup: 'web-asg' });
    await run();
    const first = world.tagsOf(instanceId);
    await run({ caseId: later });
    const second = world.tagsOf(instanceId);
    for (const key of Object.keys(first).filter((one) => one.startsWith('cordon:before'))) {
      expect(second[key]).toBe(first[key]);
    }
  });

  it('sends one message, at the end', async () => {
    const { subjects, run } = runbookScene();
    await run();
    await run({ caseId: later });
    expect(subjects).toHaveLength(3);
  });

  it('does what the first could not: snapshots that were denied', async () => {
    const { aws, world, run } = runbookScene();
    aws.ec2SingleAttempt.on(CreateSnapshotCommand).rejects(denied());
    aws.ec2SingleAttempt
      .on(CreateSnapshotsCommand)
      .rejectsOnce(denied())
      .callsFake(async () => {
        for (const VolumeId of ['vol-00000000000000001', 'vol-00000000000000002']) {
          const SnapshotId = `snap-of-${VolumeId}`;
          world.snapshots.push({
            SnapshotId,
            VolumeId,
            State: 'pending',
            StartTime: aws.clock.now(),
          });
          world.tag(SnapshotId, { 'cordon:instance': instanceId });
        }
        return { Snapshots: world.snapshots };
      });
    expect((await run()).status).toBe('partial');
    expect((await run({ caseId: later })).status).toBe('contained');
  });

  it('claims no more than the first: connections that were not cut then are not cut now', async () => {
    const { aws, run } = runbookScene({ groups: [anIsolationGroup()] });
    // The first has isolated without transition: old connections may live.
    aws.ec2.on(CreateSecurityGroupCommand).rejects(denied());
    expect(await run()).toMatchObject({ status: 'partial', cut: 'new-flows-only' });
    expect((await run({ caseId: later })).cut).not.toBe('complete');
  });
});

describe('an attacker who may tag', () => {
  // threat C1
  it('cannot make Cordon believe that it has been here', async () => {
    const tags = {
      'cordon:case': `20260301T0250Z-${instanceId}`,
      'cordon:status': 'contained',
      'cordon:step:isolate-network': '2026-03-01T02:50:00Z done',
    };
    const { world, run } = runbookScene({ instance: { tags } });
    expect(await run()).toMatchObject({ caseId, status: 'contained' });
    expect(world.groupsOf(firstInterface)).toEqual([
      world.groups.named('cordon-isolation-full', vpcId),
    ]);
    expect(world.tagsOf(instanceId)['cordon:case']).toBe(caseId);
  });

  // threat C12
  it('cannot pass a group of his own off as the isolation group', async () => {
    const forged = anIsolationGroup({ name: 'isolation', role: 'isolation' });
    const networkInterfaces = [anInterface({ groupIds: [isolationId] })];
    const { world, run } = runbookScene({ groups: [forged], instance: { networkInterfaces } });
    await run();
    expect(world.groupsOf(firstInterface)).not.toEqual([isolationId]);
  });
});

describe('a dry run', () => {
  it('by hand makes no change and publishes nothing', async () => {
    const { aws, world, run } = runbookScene({ autoScalingGroup: 'web-asg' });
    const trigger = { source: 'manual', id: 'by-hand', type: 'manual', severity: null } as const;
    const report = await run({
      dryRun: true,
      trigger: { ...trigger, at: '2026-03-01T03:06:00.000Z' },
    });
    expect(report).toMatchObject({ status: 'planned', cut: 'none' });
    expect(world.groupsOf(firstInterface)).toEqual([webGroup]);
    expect(world.tagsOf(instanceId)).toEqual({ Name: 'web-1' });
    expect(world.snapshots).toEqual([]);
    expect(world.groups.named('cordon-isolation-full')).toBeUndefined();
    expect(aws.sns).not.toHaveReceivedCommand(PublishCommand);
    const changes = /^(?:Create|Modify|Authorize|Revoke)/;
    for (const { args } of aws.ec2.calls()) {
      if (!changes.test(args[0].constructor.name)) continue;
      expect(args[0].input).toHaveProperty('DryRun', true);
    }
  });

  it('of Mode=observe tells what would have been done', async () => {
    const { subjects, run } = runbookScene();
    expect((await run({ dryRun: true })).status).toBe('planned');
    expect(subjects).toEqual([`[Cordon] OBSERVED ${instanceId}: Backdoor:EC2/C&CActivity.B`]);
  });
});

describe('an exempt instance', () => {
  // threat C10
  it('is asked about and not cut, where the finding did not know of the tag', async () => {
    const { world, subjects, run } = runbookScene({
      settings: { exemptTag: 'Name=web-1' },
    });
    const report = await run();
    expect(report).toMatchObject({ status: 'asked', reason: expect.stringContaining('Name=') });
    expect(world.moves).toEqual([]);
    expect(subjects).toEqual([
      `[Cordon] ASKED, THE HOST IS OPEN NOW ${instanceId}: Backdoor:EC2/C&CActivity.B`,
    ]);
  });
});
