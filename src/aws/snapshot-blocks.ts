import { createHash } from 'node:crypto';
import type { EBSClient } from '@aws-sdk/client-ebs';
import { GetSnapshotBlockCommand, ListSnapshotBlocksCommand } from '@aws-sdk/client-ebs';
import { AwsRefusedError, AwsUnavailableError } from '../case/errors.ts';
import { codeOf, isUnavailable } from './errors.ts';

/** What it takes to read the blocks of a snapshot. */
export const blockReadPermissions = ['ebs:ListSnapshotBlocks', 'ebs:GetSnapshotBlock'] as const;

/** Bytes in a block of every snapshot (https://docs.aws.amazon.com/ebs/latest/userguide/ebsapi-elements.html). */
const bytesPerBlock = 524_288;

/** Blocks that one answer lists: as many as AWS gives at most. */
const blocksPerList = 10_000;

/** How often a block is asked for that came broken, or whose token was taken back. */
const attempts = 4;

/** The tokens of the blocks that a snapshot holds, by their numbers. */
export type Tokens = ReadonlyMap<number, string>;

/**
 * The blocks that the snapshot holds in a range, `to` not included; one that is absent was never
 * written to and is zeros (https://docs.aws.amazon.com/ebs/latest/userguide/ebsapi-faq.html).
 *
 * @throws AwsRefusedError when the snapshot has other blocks than those of 512 KiB.
 */
export const listBlocks = async (
  ebs: EBSClient,
  snapshotId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Tokens> => {
  const tokens = new Map<number, string>();
  let NextToken: string | undefined;
  do {
    const page = await ebs.send(
      new ListSnapshotBlocksCommand({
        SnapshotId: snapshotId,
        MaxResults: Math.min(blocksPerList, Math.max(100, to - from)),
        ...(NextToken === undefined ? { StartingBlockIndex: from } : { NextToken }),
      }),
    );
    if (page.BlockSize !== bytesPerBlock) {
      throw new AwsRefusedError(`The blocks of ${snapshotId} have ${page.BlockSize} bytes.`);
    }
    let last = from;
    for (const { BlockIndex = 0, BlockToken = '' } of page.Blocks ?? []) {
      last = BlockIndex;
      if (BlockIndex >= from && BlockIndex < to) tokens.set(BlockIndex, BlockToken);
    }
    NextToken = last >= to ? undefined : page.NextToken;
  } while (NextToken !== undefined);
  return tokens;
};

/** A token is good for seven days, or until the blocks are listed again. */
const isOutdatedToken = (error: unknown): boolean =>
  codeOf(error) === 'ValidationException' &&
  error instanceof Error &&
  'Reason' in error &&
  error.Reason === 'INVALID_BLOCK_TOKEN';

const readOnce = async (
  ebs: EBSClient,
  snapshotId: string,
  index: number,
  token: string,
): Promise<Buffer> => {
  const answer = await ebs.send(
    new GetSnapshotBlockCommand({
      SnapshotId: snapshotId,
      BlockIndex: index,
      BlockToken: token,
    }),
  );
  const bytes = Buffer.from((await answer.BlockData?.transformToByteArray()) ?? []);
  const checksum = createHash('sha256').update(bytes).digest('base64');
  if (bytes.length !== bytesPerBlock || checksum !== answer.Checksum) {
    throw new AwsUnavailableError(`Block ${index} of ${snapshotId} came broken: read it again.`);
  }
  return bytes;
};

/**
 * One block, as AWS holds it: its length and its checksum are compared, because the signature of the
 * call does not cover the data
 * (https://docs.aws.amazon.com/ebs/latest/userguide/ebsapis-using-checksums.html).
 *
 * @throws AwsUnavailableError when it came broken each time.
 */
export const readBlock = async (
  ebs: EBSClient,
  snapshotId: string,
  index: number,
  token: string,
): Promise<Buffer> => {
  let current = token;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readOnce(ebs, snapshotId, index, current);
    } catch (error) {
      if (attempt >= attempts) throw error;
      if (isOutdatedToken(error)) {
        const again = await listBlocks(ebs, snapshotId, { from: index, to: index + 1 });
        current = again.get(index) ?? current;
      } else if (!isUnavailable(error) && !(error instanceof AwsUnavailableError)) throw error;
    }
  }
};
