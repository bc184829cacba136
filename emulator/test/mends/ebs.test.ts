import { createHash } from 'node:crypto';
import {
  CompleteSnapshotCommand,
  EBSClient,
  GetSnapshotBlockCommand,
  ListSnapshotBlocksCommand,
  PutSnapshotBlockCommand,
  StartSnapshotCommand,
} from '@aws-sdk/client-ebs';
import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';
import { clientConfiguration } from '../../world/world-clients.ts';
import { useEmulator } from '../fixture.ts';

const aws = useEmulator();
let ebs: EBSClient;

beforeEach(async () => {
  ebs = new EBSClient(clientConfiguration(aws.emulator));
  await aws.emulator.timing({ snapshotSeconds: 0 });
});

const blockBytes = 524_288;
const block = (letter: string) => Buffer.alloc(blockBytes, letter);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

const start = async (more: object = {}) =>
  (await ebs.send(new StartSnapshotCommand({ VolumeSize: 1, ...more }))).SnapshotId ?? '';

const put = (SnapshotId: string, BlockIndex: number, data: Buffer, more: object = {}) =>
  ebs.send(
    new PutSnapshotBlockCommand({
      SnapshotId,
      BlockIndex,
      BlockData: data,
      DataLength: data.length,
      Checksum: sha256(data).toString('base64'),
      ChecksumAlgorithm: 'SHA256',
      ...more,
    }),
  );

const complete = (SnapshotId: string, ChangedBlocksCount: number, more: object = {}) =>
  ebs.send(new CompleteSnapshotCommand({ SnapshotId, ChangedBlocksCount, ...more }));

const listed = async (SnapshotId: string, more: object = {}) =>
  ebs.send(new ListSnapshotBlocksCommand({ SnapshotId, ...more }));

const content = async (SnapshotId: string, BlockIndex: number, BlockToken: string) => {
  const answer = await ebs.send(
    new GetSnapshotBlockCommand({ SnapshotId, BlockIndex, BlockToken }),
  );
  return { ...answer, bytes: Buffer.from((await answer.BlockData?.transformToByteArray()) ?? []) };
};

const state = async (SnapshotId: string) =>
  (await aws.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] }))).Snapshots?.[0];

describe('a snapshot that is written block by block', () => {
  test('is pending until it is sealed, then read back, and made of no volume', async () => {
    const id = await start({ Tags: [{ Key: 'k', Value: 'v' }], Encrypted: true });
    expect(await state(id)).toMatchObject({
      State: 'pending',
      Encrypted: true,
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    await put(id, 3, block('b'));
    await put(id, 1, block('a'));
    await expect(listed(id)).rejects.toMatchObject({ name: 'ValidationException' });
    const Checksum = sha256(Buffer.concat([sha256(block('a')), sha256(block('b'))]));
    const whole = { ChecksumAlgorithm: 'SHA256', ChecksumAggregationMethod: 'LINEAR' };
    await complete(id, 2, { ...whole, Checksum: Checksum.toString('base64') });
    expect(await state(id)).toMatchObject({ State: 'completed', VolumeId: 'vol-ffffffff' });
    const { Blocks = [], BlockSize } = await listed(id);
    expect(BlockSize).toBe(blockBytes);
    expect(Blocks.map(({ BlockIndex }) => BlockIndex)).toEqual([1, 3]);
    const first = await content(id, 1, Blocks[0]?.BlockToken ?? '');
    expect(first).toMatchObject({
      DataLength: blockBytes,
      Checksum: sha256(block('a')).toString('base64'),
      ChecksumAlgorithm: 'SHA256',
    });
    expect(first.bytes.equals(block('a'))).toBe(true);
    expect((await aws.ec2.send(new DescribeVolumesCommand({}))).Volumes).toEqual([]);
  });

  test('is the same for the same token, and another request with it is refused', async () => {
    const id = await start({ ClientToken: 't' });
    expect(await start({ ClientToken: 't' })).toBe(id);
    await expect(start({ ClientToken: 't', VolumeSize: 2 })).rejects.toMatchObject({
      name: 'ConflictException',
    });
  });

  test('takes no block with a wrong checksum or length, and none once it is sealed', async () => {
    const id = await start();
    const invalid = { name: 'ValidationException' };
    await expect(put(id, 0, block('a'), { Checksum: 'AAAA' })).rejects.toMatchObject(invalid);
    await expect(put(id, 0, Buffer.from('short'))).rejects.toMatchObject(invalid);
    await expect(put(id, 2_048, block('a'))).rejects.toMatchObject(invalid);
    await put(id, 0, block('a'));
    await expect(complete(id, 2)).rejects.toMatchObject(invalid);
    await complete(id, 1);
    await expect(put(id, 1, block('a'))).rejects.toMatchObject(invalid);
  });

  test('is listed in pages, from any block on, and gives blocks for their tokens only', async () => {
    const id = await start();
    for (let index = 0; index < 150; index += 1) await put(id, index, block(`${index % 10}`));
    await complete(id, 150);
    const page = await listed(id, { MaxResults: 100, StartingBlockIndex: 10 });
    expect(page.Blocks).toHaveLength(100);
    const rest = await listed(id, { MaxResults: 100, NextToken: page.NextToken });
    expect(rest.Blocks?.map(({ BlockIndex }) => BlockIndex).at(-1)).toBe(149);
    expect(rest.NextToken).toBeUndefined();
    await expect(content(id, 0, page.Blocks?.[0]?.BlockToken ?? '')).rejects.toMatchObject({
      name: 'ValidationException',
      Reason: 'INVALID_BLOCK_TOKEN',
    });
  });

  test('is unknown where it is none', async () => {
    await expect(listed('snap-00000000000000000')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('a volume', () => {
  const create = (more: object) =>
    aws.ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${aws.emulator.region}a`, ...more }));

  test('has the content of its snapshot, and its snapshot has that of the volume', async () => {
    const id = await start();
    await put(id, 7, block('z'));
    await expect(create({ SnapshotId: id })).rejects.toMatchObject({ name: 'IncorrectState' });
    await complete(id, 1);
    const { VolumeId } = await create({ SnapshotId: id, Size: 5 });
    const { SnapshotId = '' } = await aws.ec2.send(new CreateSnapshotCommand({ VolumeId }));
    const { Blocks, VolumeSize } = await listed(SnapshotId);
    expect(VolumeSize).toBe(5);
    expect(Blocks?.map(({ BlockIndex }) => BlockIndex)).toEqual([7]);
  });

  test('is made once for one token', async () => {
    const { VolumeId } = await create({ Size: 1, ClientToken: 't' });
    expect((await create({ Size: 1, ClientToken: 't' })).VolumeId).toBe(VolumeId);
    await expect(create({ Size: 2, ClientToken: 't' })).rejects.toMatchObject({
      name: 'IdempotentParameterMismatch',
    });
  });
});
