import type { LockedSnapshotsInfo, Snapshot } from '@aws-sdk/client-ec2';
import {
  CopySnapshotCommand,
  DescribeLockedSnapshotsCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  LockSnapshotCommand,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { FakeAws } from '../../steps/fake-aws.ts';

const day = 24 * 3_600_000;

/** The key that AWS manages for EBS in this account. */
export const managedKey = 'arn:aws:kms:eu-central-1:111122223333:key/aws-managed';

/** Snapshots in memory that answer as EC2 does, as far as the collector asks. */
export const fakeSnapshots = (aws: FakeAws, snapshots: Snapshot[]) => {
  const { ec2, ec2SingleAttempt, clock } = aws;
  const locks = new Map<string, LockedSnapshotsInfo>();
  const shared = new Map<string, string[]>();
  const find = (id = '') => snapshots.find(({ SnapshotId }) => SnapshotId === id);

  ec2.on(DescribeSnapshotsCommand).callsFake(({ Filters = [], SnapshotIds }) => {
    if (SnapshotIds !== undefined) {
      const found = find(SnapshotIds[0]);
      if (found === undefined) {
        throw Object.assign(new Error('it does not exist'), { name: 'InvalidSnapshot.NotFound' });
      }
      return { Snapshots: [found] };
    }
    const key = String(Filters[0]?.Name).replace(/^tag:/, '');
    const values: readonly string[] = Filters[0]?.Values ?? [];
    const fits = ({ Tags = [] }: Snapshot) =>
      Tags.some(({ Key, Value = '' }) => Key === key && values.includes(Value));
    return { Snapshots: snapshots.filter(fits) };
  });
  ec2.on(DescribeLockedSnapshotsCommand).callsFake(({ SnapshotIds = [] }) => ({
    Snapshots: SnapshotIds.flatMap((id: string) => locks.get(id) ?? []),
  }));
  ec2.on(LockSnapshotCommand).callsFake(({ SnapshotId, LockMode, LockDuration }) => {
    const LockExpiresOn = new Date(clock.now().getTime() + LockDuration * day);
    const lock = { SnapshotId, LockState: LockMode, LockDuration, LockExpiresOn };
    locks.set(SnapshotId, lock);
    return lock;
  });
  ec2.on(DescribeSnapshotAttributeCommand).callsFake(({ SnapshotId }) => ({
    CreateVolumePermissions: (shared.get(SnapshotId) ?? []).map((UserId) => ({ UserId })),
  }));
  ec2.on(ModifySnapshotAttributeCommand).callsFake(({ SnapshotId, UserIds }) => {
    if (find(SnapshotId)?.KmsKeyId === managedKey) {
      throw Object.assign(new Error('Encrypted snapshots with EBS default key cannot be shared'), {
        name: 'OperationNotPermitted',
      });
    }
    shared.set(SnapshotId, [...(shared.get(SnapshotId) ?? []), ...UserIds]);
    return {};
  });
  ec2SingleAttempt.on(CopySnapshotCommand).callsFake((input) => {
    const SnapshotId = `snap-0000000000000c${String(snapshots.length).padStart(3, '0')}`;
    snapshots.push({
      SnapshotId,
      VolumeId: 'vol-ffffffff',
      VolumeSize: find(input.SourceSnapshotId)?.VolumeSize,
      State: 'pending',
      StartTime: clock.now(),
      Encrypted: true,
      KmsKeyId: input.KmsKeyId,
      Tags: input.TagSpecifications[0].Tags,
    });
    return { SnapshotId };
  });
  return { locks, shared, find };
};
