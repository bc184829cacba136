import { createHash } from 'node:crypto';

/** Bytes in the SHA-256 of one block. */
export const hashBytes = 32;

/** How the hash of a volume is made, word for word in the manifest, so that anybody can repeat it. */
export const treeHashMethod =
  'SHA-256 over the 32-byte SHA-256 of every 512 KiB block of the volume, in the order of the blocks; a block that the snapshot does not hold counts as 524288 zero bytes';

/**
 * The hash of a volume from the hashes of its blocks, in lists that follow each other. Hexadecimal.
 *
 * @throws RangeError when the lists hold another number of hashes than the volume has blocks.
 */
export const treeHash = (lists: Iterable<Buffer>, blocks: number): string => {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const list of lists) {
    bytes += list.length;
    hash.update(list);
  }
  if (bytes !== blocks * hashBytes) {
    throw new RangeError(
      `The volume has ${blocks} blocks, and the lists hold ${bytes / hashBytes} hashes: read the missing ones again.`,
    );
  }
  return hash.digest('hex');
};
