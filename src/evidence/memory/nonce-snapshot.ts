import { createHash } from 'node:crypto';
import type { EBSClient } from '@aws-sdk/client-ebs';
import {
  CompleteSnapshotCommand,
  PutSnapshotBlockCommand,
  StartSnapshotCommand,
} from '@aws-sdk/client-ebs';
import { codeOf, inWords } from '../../aws/errors.ts';
import { toTags } from '../../aws/tags.ts';
import { AwsRefusedError, AwsUnavailableError } from '../../case/errors.ts';
import { blockBytes, bytesPerGibibyte, hashOf } from './block.ts';
import type { Origin } from './header.ts';
import { blankHeader } from './header.ts';

export const nonceSnapshotPermissions = [
  'ebs:StartSnapshot',
  'ebs:PutSnapshotBlock',
  'ebs:CompleteSnapshot',
  'ec2:CreateTags',
] as const;

/** After so many minutes without a block AWS gives up a snapshot; the least it takes is 10. */
const timeoutMinutes = 10;

export interface NonceSnapshot {
  readonly origin: Origin;
  /** The key of the evidence; empty: the account's own for EBS. */
  readonly keyArn: string;
  /** The same for every attempt at this one. */
  readonly clientToken: string;
  readonly tags: Readonly<Record<string, string>>;
}

const base64 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

const start = async (
  ebs: EBSClient,
  { origin, keyArn, clientToken, tags }: NonceSnapshot,
): Promise<{ readonly SnapshotId: string; readonly Status?: string | undefined }> => {
  const { SnapshotId, Status } = await ebs.send(
    new StartSnapshotCommand({
      VolumeSize: origin.volumeBytes / bytesPerGibibyte,
      Description: `Blank volume for the memory of ${origin.instanceId}, case ${origin.caseId}`,
      ClientToken: clientToken,
      Timeout: timeoutMinutes,
      Tags: toTags(tags),
      Encrypted: true,
      ...(keyArn === '' ? {} : { KmsKeyArn: keyArn }),
    }),
  );
  if (SnapshotId !== undefined) return { SnapshotId, Status };
  throw new AwsRefusedError('AWS began a snapshot and did not say which: look for it by its tags.');
};

const fill = async (ebs: EBSClient, SnapshotId: string, block: Buffer): Promise<void> => {
  await ebs.send(
    new PutSnapshotBlockCommand({
      SnapshotId,
      BlockIndex: 0,
      BlockData: block,
      DataLength: blockBytes,
      Checksum: base64(block),
      ChecksumAlgorithm: 'SHA256',
    }),
  );
  await ebs.send(
    new CompleteSnapshotCommand({
      SnapshotId,
      ChangedBlocksCount: 1,
      Checksum: base64(hashOf(block)),
      ChecksumAlgorithm: 'SHA256',
      ChecksumAggregationMethod: 'LINEAR',
    }),
  );
};

/**
 * Makes the snapshot of a volume whose first block is the header with the nonce and that is empty
 * otherwise. May be repeated: the token leads to the same snapshot, and the block is the same.
 *
 * @returns its id; the snapshot may be pending for a while.
 * @throws AwsUnavailableError while AWS seals what an earlier attempt has put.
 * @throws what else AWS answers.
 */
export const makeNonceSnapshot = async (ebs: EBSClient, asked: NonceSnapshot): Promise<string> => {
  const { SnapshotId, Status } = await start(ebs, asked);
  if (Status === 'completed') return SnapshotId;
  const block = Buffer.alloc(blockBytes);
  blankHeader(asked.origin).copy(block);
  try {
    await fill(ebs, SnapshotId, block);
  } catch (error) {
    // An earlier attempt may have sealed it, and nothing can be put into it any more.
    if (!['ValidationException', 'ConflictException'].includes(codeOf(error))) throw error;
    throw new AwsUnavailableError(`The snapshot ${SnapshotId} takes nothing: ${inWords(error)}`, {
      cause: error,
    });
  }
  return SnapshotId;
};
