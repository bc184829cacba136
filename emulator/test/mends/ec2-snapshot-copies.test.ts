import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { beforeEach, describe, expect, test } from 'vitest';
import { clientConfiguration } from '../../world/world-clients.ts';
import { useEmulator } from '../fixture.ts';

const aws = useEmulator();

const kms = () => new KMSClient(clientConfiguration(aws.emulator));

const createKey = async (): Promise<string> => {
  const { KeyMetadata } = await kms().send(new CreateKeyCommand({}));
  return KeyMetadata?.Arn ?? '';
};

/** A snapshot of a volume that is encrypted, or not. */
const snapshotOf = async (volume: { Encrypted?: boolean; KmsKeyId?: string } = {}) => {
  const { VolumeId = '' } = await aws.ec2.send(
    new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 8, ...volume }),
  );
  return (await aws.ec2.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId ?? '';
};

const find = async (id = '') => {
  const { Snapshots } = await aws.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }));
  return Snapshots?.[0];
};

const copy = (SourceSnapshotId: string, more: object = {}) =>
  aws.ec2.send(new CopySnapshotCommand({ SourceRegion: 'us-east-1', SourceSnapshotId, ...more }));

const share = (SnapshotId: string, more: object = { UserIds: ['999988887777'] }) =>
  aws.ec2.send(
    new ModifySnapshotAttributeCommand({
      SnapshotId,
      Attribute: 'createVolumePermission',
      OperationType: 'add',
      ...more,
    }),
  );

beforeEach(() => aws.emulator.timing({ snapshotSeconds: 0 }));

describe('a copy of a snapshot', () => {
  test('is under the key that was named, of no volume, with the tags of its making', async () => {
    const KmsKeyId = await createKey();
    const Tags = [{ Key: 'cordon:copy-of', Value: 'x' }];
    const { SnapshotId } = await copy(await snapshotOf(), {
      Encrypted: true,
      KmsKeyId,
      TagSpecifications: [{ ResourceType: 'snapshot', Tags }],
    });
    expect(await find(SnapshotId)).toMatchObject({
      Encrypted: true,
      KmsKeyId,
      VolumeId: 'vol-ffffffff',
      VolumeSize: 8,
      State: 'completed',
      Tags,
    });
  });

  test('needs a source that is completed, and a key needs encryption', async () => {
    const source = await snapshotOf();
    await expect(copy(source, { KmsKeyId: await createKey() })).rejects.toMatchObject({
      name: 'InvalidParameterDependency',
    });
    await aws.emulator.timing({ snapshotSeconds: 3_600 });
    await expect(copy(source)).rejects.toMatchObject({ name: 'IncorrectState' });
  });

  test('fails afterwards under a key that is disabled', async () => {
    const KmsKeyId = await createKey();
    await kms().send(new DisableKeyCommand({ KeyId: KmsKeyId.split('/').at(-1) }));
    const { SnapshotId } = await copy(await snapshotOf(), { Encrypted: true, KmsKeyId });
    expect(await find(SnapshotId)).toMatchObject({
      State: 'error',
      StateMessage: 'Given key ID is not accessible',
    });
  });
});

describe('sharing a snapshot', () => {
  test('works where it is not encrypted, or under a key of one’s own', async () => {
    const KmsKeyId = await createKey();
    for (const id of [await snapshotOf(), await snapshotOf({ Encrypted: true, KmsKeyId })]) {
      await share(id);
      const { CreateVolumePermissions } = await aws.ec2.send(
        new DescribeSnapshotAttributeCommand({
          SnapshotId: id,
          Attribute: 'createVolumePermission',
        }),
      );
      expect(CreateVolumePermissions).toEqual([{ UserId: '999988887777' }]);
    }
  });

  test('is refused under the AWS managed key, and with everybody where it is encrypted', async () => {
    const managed = await snapshotOf({ Encrypted: true });
    await expect(share(managed)).rejects.toMatchObject({ name: 'OperationNotPermitted' });
    const own = await snapshotOf({ Encrypted: true, KmsKeyId: await createKey() });
    await expect(share(own, { GroupNames: ['all'] })).rejects.toMatchObject({
      name: 'OperationNotPermitted',
    });
  });
});
