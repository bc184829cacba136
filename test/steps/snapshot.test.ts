import type { CreateSnapshotCommandInput } from '@aws-sdk/client-ec2';
import {
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DescribeSnapshotsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Before } from '../../src/case/before.ts';
import type { SnapshotDetail } from '../../src/case/details.ts';
import { snapshot } from '../../src/steps/snapshot.ts';
import { awsError, denied, lostAnswer, throttled } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import { aBefore, aCase, anInstance, caseId, instanceId } from './sample-instance.ts';

const [first, second] = ['vol-00000000000000001', 'vol-00000000000000002'] as const;

const bothTaken = [first, second].map((VolumeId) => ({
  SnapshotId: `snap-of-${VolumeId}`,
  VolumeId,
}));

const scene = (change: Partial<Before> = {}) => {
  const aws = fakeAws();
  const world = new FakeEc2(aws);
  const run = async (dryRun = false) => {
    const input = { case: aCase({ dryRun }), before: aBefore(change) };
    const { outcome, detail } = await snapshot(aws.deps, input);
    return { outcome, detail: detail as SnapshotDetail };
  };
  /** Somebody took snapshots of both volumes, and tagged them as Cordon does. */
  const taken = (at: string, tags: Record<string, string>, state = 'pending') => {
    for (const VolumeId of [first, second]) {
      const SnapshotId = `snap-${at}-${VolumeId}`;
      world.snapshots.push({ SnapshotId, VolumeId, State: state, StartTime: new Date(at) });
      world.tag(SnapshotId, tags);
    }
  };
  return { aws, world, taken, run };
};

const ofCase = { 'cordon:case': caseId, 'cordon:instance': instanceId };

describe('the volumes of an instance', () => {
  it('are snapshotted all at one instant, tagged with the case from the first moment', async () => {
    const { aws, run } = scene();
    const { outcome, detail } = await run();
    expect(outcome).toBe('done');
    expect(detail.snapshots).toEqual([
      { snapshotId: 'snap-1', volumeId: first, device: '/dev/xvda' },
      { snapshotId: 'snap-2', volumeId: second, device: '/dev/sdf' },
    ]);
    expect(aws.ec2SingleAttempt).toHaveReceivedCommandExactlyOnceWith(CreateSnapshotsCommand, {
      InstanceSpecification: { InstanceId: instanceId, ExcludeBootVolume: false },
      TagSpecifications: [
        {
          ResourceType: 'snapshot',
          Tags: [
            { Key: 'cordon:case', Value: caseId },
            { Key: 'cordon:instance', Value: instanceId },
          ],
        },
      ],
    });
  });

  it('are named in the tags of each snapshot afterwards', async () => {
    const { world, run } = scene();
    await run();
    expect(world.tagsOf('snap-1')).toEqual({
      ...ofCase,
      'cordon:volume': first,
      'cordon:device': '/dev/xvda',
    });
  });

  it('are snapshotted though the tags afterwards are denied', async () => {
    const { aws, run } = scene();
    aws.ec2.on(CreateTagsCommand).rejects(denied());
    expect((await run()).outcome).toBe('done');
  });

  it('need nothing where there are none', async () => {
    const { aws, run } = scene({ instance: anInstance({ volumes: [] }) });
    expect((await run()).outcome).toBe('not-applicable');
    expect(aws.ec2SingleAttempt).not.toHaveReceivedAnyCommand();
  });
});

describe('a set of snapshots that is there already', () => {
  it('is used by the case that took it; no second one is taken', async () => {
    const { aws, taken, run } = scene();
    taken('2026-03-01T03:06:00Z', ofCase);
    const { outcome, detail } = await run();
    expect(outcome).toBe('already');
    expect(detail.snapshots.map(({ volumeId }) => volumeId)).toEqual([first, second]);
    expect(aws.ec2SingleAttempt).not.toHaveReceivedCommand(CreateSnapshotsCommand);
  });

  it('is used in a repeat, whatever case took it, if it began after the first case', async () => {
    const { aws, taken, run } = scene({ repeat: true });
    taken('2026-03-01T03:01:00Z', { 'cordon:instance': instanceId }, 'completed');
    expect((await run()).outcome).toBe('already');
    expect(aws.ec2SingleAttempt).not.toHaveReceivedCommand(CreateSnapshotsCommand);
  });

  // threat C9
  it('does not count when it is older than the case: an attacker may have tagged it', async () => {
    const { taken, run } = scene();
    taken('2026-02-20T00:00:00Z', ofCase, 'completed');
    expect((await run()).outcome).toBe('done');
  });

  it('does not count in a repeat either when it is older than the case', async () => {
    const { taken, run } = scene({ repeat: true });
    taken('2026-02-20T00:00:00Z', ofCase, 'completed');
    expect((await run()).outcome).toBe('done');
  });

  it('does not count when a volume is missing in it', async () => {
    const { world, taken, run } = scene();
    taken('2026-03-01T03:06:00Z', ofCase);
    world.snapshots.pop();
    expect((await run()).outcome).toBe('done');
  });

  it('does not count when it has failed', async () => {
    const { taken, run } = scene();
    taken('2026-03-01T03:06:00Z', ofCase, 'error');
    expect((await run()).outcome).toBe('done');
  });

  // fault A15
  it('is used by a run that began at 3:00, when a run of 2:59 has taken it', async () => {
    const { aws, taken, run } = scene();
    const beside = { ...ofCase, 'cordon:case': `20260301T0250Z-${instanceId}` };
    taken('2026-03-01T02:59:58Z', beside);
    expect((await run()).outcome).toBe('already');
    expect(aws.ec2SingleAttempt).not.toHaveReceivedCommand(CreateSnapshotsCommand);
  });
});

describe('a lost answer', () => {
  it('is looked for by tag, and no second set is taken', async () => {
    const { aws, taken, run } = scene();
    aws.ec2SingleAttempt.on(CreateSnapshotsCommand).callsFake(async () => {
      taken(aws.clock.now().toISOString(), ofCase);
      throw lostAnswer();
    });
    const { detail } = await run();
    expect(detail.snapshots.map(({ volumeId }) => volumeId)).toEqual([first, second]);
    expect(aws.ec2SingleAttempt).toHaveReceivedCommandTimes(CreateSnapshotsCommand, 1);
  });

  it('is waited for: the snapshots may show only seconds later', async () => {
    const { aws, taken, run } = scene();
    aws.ec2SingleAttempt.on(CreateSnapshotsCommand).callsFake(async () => {
      const at = aws.clock.now().toISOString();
      void aws.clock.sleep(5_000).then(() => taken(at, ofCase));
      throw lostAnswer();
    });
    expect((await run()).detail.snapshots).toHaveLength(2);
    expect(aws.ec2SingleAttempt).toHaveReceivedCommandTimes(CreateSnapshotsCommand, 1);
  });

  it('never makes the SDK repeat the call by itself: it has no client token', async () => {
    const { aws, run } = scene();
    await run();
    expect(aws.ec2).not.toHaveReceivedCommand(CreateSnapshotsCommand);
  });
});

describe('a refusal', () => {
  it('of load is tried three times, and is unavailable then', async () => {
    const { aws, run } = scene();
    aws.ec2SingleAttempt.on(CreateSnapshotsCommand).rejects(throttled());
    await expect(run()).rejects.toMatchObject({ name: 'AwsUnavailableError' });
    expect(aws.ec2SingleAttempt).toHaveReceivedCommandTimes(CreateSnapshotsCommand, 3);
  });

  it('of load that passes costs nothing', async () => {
    const { aws, run } = scene();
    aws.ec2SingleAttempt
      .on(CreateSnapshotsCommand)
      .rejectsOnce(throttled())
      .resolves({ Snapshots: bothTaken });
    expect((await run()).outcome).toBe('done');
  });

  // threat G3
  it('for taking two in fifteen seconds is waited out: a backup may have been first', async () => {
    const { aws, run } = scene();
    aws.ec2SingleAttempt
      .on(CreateSnapshotsCommand)
      .rejectsOnce(awsError('SnapshotCreationPerVolumeRateExceeded'))
      .resolves({ Snapshots: bothTaken });
    expect((await run()).outcome).toBe('done');
    expect(aws.clock.elapsed).toBeGreaterThanOrEqual(15_000);
  });

  // fault A15
  it('for taking two in fifteen seconds is no reason for a second set: a run beside took one', async () => {
    const { aws, taken, run } = scene();
    aws.ec2SingleAttempt.on(CreateSnapshotsCommand).callsFake(async () => {
      taken(aws.clock.now().toISOString(), ofCase);
      throw awsError('SnapshotCreationPerVolumeRateExceeded');
    });
    expect((await run()).detail.snapshots).toHaveLength(2);
    expect(aws.ec2SingleAttempt).toHaveReceivedCommandTimes(CreateSnapshotsCommand, 1);
  });

  it('for want of permission is denied', async () => {
    const { aws, run } = scene();
    aws.ec2SingleAttempt.on(CreateSnapshotsCommand).rejects(denied());
    aws.ec2SingleAttempt.on(CreateSnapshotCommand).rejects(denied());
    await expect(run()).rejects.toMatchObject({ name: 'AwsDeniedError' });
  });

  it('for another reason is told with the words of AWS', async () => {
    const { aws, run } = scene();
    aws.ec2SingleAttempt.on(CreateSnapshotsCommand).rejects(awsError('SnapshotLimitExceeded'));
    aws.ec2SingleAttempt.on(CreateSnapshotCommand).rejects(awsError('SnapshotLimitExceeded'));
    await expect(run()).rejects.toMatchObject({
      name: 'SnapshotsFailedError',
      message: expect.stringContaining('SnapshotLimitExceeded'),
    });
  });

  it('to list the snapshots does not pass for "none taken"', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeSnapshotsCommand).rejects(throttled());
    await expect(run()).rejects.toThrow();
    expect(aws.ec2SingleAttempt).not.toHaveReceivedCommand(CreateSnapshotsCommand);
  });
});

describe('a set that EC2 refuses for one busy volume', () => {
  const busy = () => awsError('ConcurrentSnapshotLimitExceeded', 'one is under way');
  const refuseSet = (): ReturnType<typeof scene> => {
    const set = scene();
    set.aws.ec2SingleAttempt.on(CreateSnapshotsCommand).rejects(busy());
    return set;
  };
  const refuseSecond = ({ aws }: ReturnType<typeof scene>, error = busy()) =>
    aws.ec2SingleAttempt.on(CreateSnapshotCommand, { VolumeId: second }).rejects(error);

  // fault O12
  it('is taken volume by volume, and the report says that it is not of one instant', async () => {
    const { world, run } = refuseSet();
    const { outcome, detail } = await run();
    expect(outcome).toBe('done');
    expect(detail.snapshots.map(({ volumeId }) => volumeId).toSorted()).toEqual([first, second]);
    expect(detail.risks).toMatchObject([{ risk: 'snapshots-not-at-one-instant' }]);
    expect(world.tagsOf('snap-2')).toMatchObject({ ...ofCase, 'cordon:volume': second });
  });

  // fault O12
  it('keeps the evidence of the others, and names what is missing with the command', async () => {
    const set = refuseSet();
    refuseSecond(set);
    await expect(set.run()).rejects.toMatchObject({
      name: 'SnapshotsFailedError',
      message: expect.stringMatching(
        new RegExp(`${first} \\(snap-1\\).*${second} \\(Concurrent.*create-snapshot .*${second}`),
      ),
    });
    expect(set.world.snapshots.map(({ VolumeId }) => VolumeId)).toEqual([first]);
  });

  // fault O12
  it('is completed by a second run, which takes the missing volume only', async () => {
    const set = refuseSet();
    refuseSecond(set);
    await expect(set.run()).rejects.toThrow();
    set.aws.ec2SingleAttempt
      .on(CreateSnapshotCommand, { VolumeId: second })
      .callsFake(async ({ VolumeId = '' }: CreateSnapshotCommandInput) => ({
        SnapshotId: `snap-of-${VolumeId}`,
      }));
    const { detail } = await set.run();
    expect(detail.snapshots.map(({ snapshotId }) => snapshotId)).toEqual([
      'snap-1',
      `snap-of-${second}`,
    ]);
    expect(set.aws.ec2SingleAttempt).toHaveReceivedCommandTimes(CreateSnapshotsCommand, 1);
  });

  // fault O12
  it('is worth another run where the last volume met load', async () => {
    const set = refuseSet();
    refuseSecond(set, throttled());
    await expect(set.run()).rejects.toMatchObject({ name: 'AwsUnavailableError' });
    expect(set.world.snapshots.map(({ VolumeId }) => VolumeId)).toEqual([first]);
  });
});

describe('a dry run', () => {
  it('takes none, and says whether it could', async () => {
    const { world, run } = scene();
    expect(await run(true)).toEqual({
      outcome: 'planned',
      detail: {
        calls: [
          {
            call: 'ec2:CreateSnapshots',
            resource: instanceId,
            before: 'no snapshot of this case',
            after: 'one of each of 2 volumes',
            permission: 'allowed',
          },
        ],
      },
    });
    expect(world.snapshots).toEqual([]);
  });
});
