import { createHash } from 'node:crypto';

/**
 * Bytes in a block of the EBS direct APIs
 * (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-accessing-snapshot.html).
 */
export const blockBytes = 524_288;

export const bytesPerGibibyte = 1024 ** 3;

/** Blocks in a volume of so many GiB. */
export const blocksIn = (gibibytes: number): number => (gibibytes * bytesPerGibibyte) / blockBytes;

const zeroBlock = Buffer.alloc(blockBytes);

/** True when every byte is zero. */
export const isZero = (bytes: Buffer): boolean =>
  bytes.length <= blockBytes && bytes.equals(zeroBlock.subarray(0, bytes.length));

/** The SHA-256 of a block, 32 bytes. */
export const hashOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** What a block counts as that is in no snapshot, because nothing was ever written there. */
export const zeroHash: Buffer = hashOf(zeroBlock);
