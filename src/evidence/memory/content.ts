import { blockBytes, isZero } from './block.ts';

/** What was seen in a part of the image. Numbers of 512 KiB blocks. */
export interface Content {
  readonly blocks: number;
  readonly zeroBlocks: number;
  /** The first version of Linux that names itself, at most 120 characters; anybody may have put it there. */
  readonly banner?: string | undefined;
}

/**
 * What the kernel says of itself at its start, and keeps in its read-only data
 * (https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/init/version-timestamp.c).
 */
const banner = /Linux version [1-9][0-9]?\.[0-9]{1,3}[ -~]{0,94}/;

const start = 'Linux version ';

/** Bytes of the block before that are searched again, so that a banner across the border is found. */
const overlap = 120;

/** The first banner in these bytes; undefined where there is none. */
export const findBanner = (bytes: Buffer): string | undefined => {
  for (let at = bytes.indexOf(start); at >= 0; at = bytes.indexOf(start, at + 1)) {
    const found = banner.exec(bytes.toString('latin1', at, at + overlap));
    if (found?.index === 0) return found[0].trimEnd();
  }
  return undefined;
};

/** Looks at blocks that are handed in one after the other; an absent one breaks the sequence. */
export const contentReader = () => {
  let blocks = 0;
  let zeroBlocks = 0;
  let before: Buffer = Buffer.alloc(0);
  let found: string | undefined;
  return {
    absent: () => {
      blocks += 1;
      zeroBlocks += 1;
      before = Buffer.alloc(0);
    },
    read: (bytes: Buffer) => {
      blocks += 1;
      if (isZero(bytes)) zeroBlocks += 1;
      else found ??= findBanner(Buffer.concat([before, bytes]));
      before = bytes.subarray(Math.max(0, bytes.length - overlap));
    },
    seen: (): Content => ({
      blocks,
      zeroBlocks,
      ...(found === undefined ? {} : { banner: found }),
    }),
  };
};

/** The parts of an image, in their order, as one. */
export const together = (parts: readonly Content[]): Content => {
  const first = parts.find((part) => part.banner !== undefined)?.banner;
  return {
    blocks: parts.reduce((sum, part) => sum + part.blocks, 0),
    zeroBlocks: parts.reduce((sum, part) => sum + part.zeroBlocks, 0),
    ...(first === undefined ? {} : { banner: first }),
  };
};

/** Blocks of the volume that the image takes, behind the block of the header. */
export const imageBlocks = (length: number): { readonly from: number; readonly to: number } => ({
  from: 1,
  to: 1 + Math.ceil(length / blockBytes),
});
