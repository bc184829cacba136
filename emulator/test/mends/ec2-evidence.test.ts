import {
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DescribeLockedSnapshotsCommand,
  DescribeSnapshotsCommand,
  DescribeTagsCommand,
  LockSnapshotCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createNetwork, launch } from '../world.ts';

const aws = useEmulator();
let InstanceId: string;

beforeEach(async () => {
  const { subnetId } = await createNetwork(aws.ec2);
  const ebs = { VolumeSize: 8 };
  ({ InstanceId } = await launch(aws.ec2, {
    SubnetId: subnetId,
    BlockDeviceMappings: [
      { DeviceName: '/dev/sda1', Ebs: ebs },
      { DeviceName: '/dev/sdb', Ebs: ebs },
    ],
  }));
});

const tag = (Key: string, Value: string) => ({ Key, Value });

const snapshots = (tags = [tag('cordon:case', 'c')], more: object = {}) =>
  aws.ec2.send(
    new CreateSnapshotsCommand({
      InstanceSpecification: { InstanceId, ...more },
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: tags }],
    }),
  );

const states = async () => {
  const { Snapshots } = await aws.ec2.send(
    new DescribeSnapshotsCommand({ Filters: [{ Name: 'tag:cordon:case', Values: ['c'] }] }),
  );
  return Snapshots?.map(({ State, Progress }) => `${State} ${Progress}`);
};

describe('snapshots', () => {
  test('a set is pending at one instant, with volumes and tags', async () => {
    const { Snapshots } = await snapshots();
    expect(Snapshots).toHaveLength(2);
    expect(new Set(Snapshots?.map(({ StartTime }) => StartTime?.toISOString())).size).toBe(1);
    for (const snapshot of Snapshots ?? []) {
      expect(snapshot).toMatchObject({
        State: 'pending',
        VolumeId: expect.stringMatching(/^vol-/),
        SnapshotId: expect.stringMatching(/^snap-/),
        VolumeSize: 8,
        Tags: [tag('cordon:case', 'c')],
      });
    }
  });

  test('they complete after the time set', async () => {
    await aws.emulator.timing({ snapshotSeconds: 3_600 });
    await snapshots();
    expect(await states()).toEqual([
      expect.stringMatching(/^pending \d+%$/),
      expect.stringMatching(/^pending \d+%$/),
    ]);
    await aws.emulator.timing({ snapshotSeconds: 0 });
    expect(await states()).toEqual(['completed 100%', 'completed 100%']);
  });

  test('they are found by their state', async () => {
    await snapshots();
    const filter = (Values: string[]) =>
      aws.ec2.send(
        new DescribeSnapshotsCommand({ Filters: [{ Name: 'status', Values }], OwnerIds: ['self'] }),
      );
    expect((await filter(['pending'])).Snapshots).toHaveLength(2);
  });

  test('data volumes can be left out', async () => {
    const all = (await snapshots()).Snapshots ?? [];
    const { Snapshots } = await snapshots(undefined, {
      ExcludeDataVolumeIds: [all[1]?.VolumeId ?? ''],
    });
    expect(Snapshots?.map(({ VolumeId }) => VolumeId)).toEqual([all[0]?.VolumeId]);
    expect((await snapshots()).Snapshots).toHaveLength(2);
  });

  test('they can be locked', async () => {
    const { Snapshots } = await snapshots();
    const SnapshotId = Snapshots?.[0]?.SnapshotId;
    expect(
      await aws.ec2.send(
        new LockSnapshotCommand({ SnapshotId, LockMode: 'governance', LockDuration: 30 }),
      ),
    ).toMatchObject({ SnapshotId, LockState: 'governance', LockDuration: 30 });
    const locked = await aws.ec2.send(new DescribeLockedSnapshotsCommand({}));
    expect(locked.Snapshots).toMatchObject([{ SnapshotId, LockState: 'governance' }]);
  });
});

describe('tags', () => {
  const put = (...Tags: { Key: string; Value: string }[]) =>
    aws.ec2.send(new CreateTagsCommand({ Resources: [InstanceId], Tags }));

  test.each([
    ['a value of 257 characters', tag('k', 'v'.repeat(257)), 'InvalidParameterValue'],
    ['a key of 129 characters', tag('k'.repeat(129), 'v'), 'InvalidParameterValue'],
    ['a reserved key', tag('aws:x', 'v'), 'InvalidParameterValue'],
  ])('%s is refused, with the tags beside it', async (_, bad, name) => {
    await expect(put(tag('good', 'v'), bad)).rejects.toMatchObject({ name });
    const { Tags } = await aws.ec2.send(new DescribeTagsCommand({}));
    expect(Tags).toEqual([]);
  });

  test('what is just short enough is taken', async () => {
    await expect(put(tag('k'.repeat(128), 'v'.repeat(256)))).resolves.toBeDefined();
  });

  test('the 51st tag is refused', async () => {
    await put(...Array.from({ length: 50 }, (_, n) => tag(`k${n}`, 'v')));
    await expect(put(tag('k50', 'v'))).rejects.toMatchObject({ name: 'TagLimitExceeded' });
  });

  test('nothing is made with tags that are refused', async () => {
    await expect(snapshots([tag('cordon:case', 'v'.repeat(257))])).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    expect(await states()).toEqual([]);
  });
});
