import type { EBSClient } from '@aws-sdk/client-ebs';
import type { Tokens } from '../../aws/snapshot-blocks.ts';
import { listBlocks, readBlock } from '../../aws/snapshot-blocks.ts';
import { hashOf, zeroHash } from './block.ts';
import type { Content } from './content.ts';
import { contentReader } from './content.ts';
import { headerBytes } from './header.ts';
import type { Segment } from './segments.ts';

/** Blocks that are asked for at the same time: 8 MiB in memory. */
const width = 16;

/** What was read of a segment of a volume. */
export interface SegmentReading {
  /** The 32-byte SHA-256 of each of its blocks, in order. */
  readonly hashes: Buffer;
  /** What was seen in those of its blocks that belong to the image. */
  readonly content: Content;
  /** The header as it was found, where the segment has the first block of the volume. */
  readonly header?: Buffer;
}

const readWindow = (
  ebs: EBSClient,
  snapshotId: string,
  tokens: Tokens,
  { from, to }: Segment,
): Promise<readonly (Buffer | undefined)[]> =>
  Promise.all(
    Array.from({ length: to - from }, async (_, offset) => {
      const token = tokens.get(from + offset);
      return token === undefined ? undefined : readBlock(ebs, snapshotId, from + offset, token);
    }),
  );

/**
 * Reads a segment of a snapshot through the EBS direct APIs: no volume is made of it, and nothing is
 * mounted, so that nothing in it can do anything.
 *
 * @param image which blocks of the volume the image takes.
 * @throws AwsUnavailableError, AwsDeniedError as AWS answers.
 */
export const hashBlocks = async (
  ebs: EBSClient,
  snapshotId: string,
  segment: Segment,
  image: Segment,
): Promise<SegmentReading> => {
  const tokens = await listBlocks(ebs, snapshotId, segment);
  const hashes: Buffer[] = [];
  const reader = contentReader();
  let header: Buffer | undefined;
  for (let from = segment.from; from < segment.to; from += width) {
    const window = { from, to: Math.min(from + width, segment.to) };
    for (const [offset, bytes] of (await readWindow(ebs, snapshotId, tokens, window)).entries()) {
      const index = from + offset;
      if (index === 0) header = bytes?.subarray(0, headerBytes) ?? Buffer.alloc(headerBytes);
      hashes.push(bytes === undefined ? zeroHash : hashOf(bytes));
      if (index < image.from || index >= image.to) continue;
      if (bytes === undefined) reader.absent();
      else reader.read(bytes);
    }
  }
  const seen = { hashes: Buffer.concat(hashes), content: reader.seen() };
  return header === undefined ? seen : { ...seen, header };
};
