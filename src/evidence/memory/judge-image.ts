import { bytesPerGibibyte } from './block.ts';
import type { Content } from './content.ts';
import type { Header, Origin } from './header.ts';
import { isOf } from './header.ts';

/**
 * From this share of zero blocks on, an image is rejected. Images of broken acquisitions were seen
 * with up to 99.7 %, and had passed for memory. A large host that has hardly used its memory may come
 * near it too: the image is kept either way, and a person looks at it.
 */
export const largestZeroShare = 0.9;

/**
 * An image of less is rejected: the kernel of a distribution with its first processes takes more.
 * AVML leaves out what is zero in pieces of 16 MiB, so an image may be much smaller than the memory.
 */
export const smallestImage = 64 * 1024 ** 2;

/** Memory beyond what the type is said to have, as a share; the volume has room for no more. */
const excess = 1.1;

/** What an image is judged by. */
export interface Evidence {
  readonly origin: Origin;
  /** The header as read back off the host; undefined where it is none. */
  readonly header: Header | undefined;
  /** What the function saw in the blocks of the image. */
  readonly content: Content;
  readonly memoryMebibytes: number;
}

export interface ImageJudgement {
  readonly accepted: boolean;
  /** One sentence; for a rejected image why, and that it is kept. */
  readonly sentence: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const gibibytes = (bytes: number): string => `${(bytes / bytesPerGibibyte).toFixed(2)} GiB`;

/** What is wrong with the header, or undefined. */
const headerFault = ({ origin, header }: Evidence): string | undefined => {
  if (header === undefined) return 'its header is not as the script of this stack writes it';
  if (!isOf(header, origin)) return 'its header is of another case, instance or volume';
  return header.state === 'complete' ? undefined : 'the tool was interrupted before its end';
};

/** What is wrong with the content, or undefined. */
const contentFault = ({ header, content, memoryMebibytes }: Evidence): string | undefined => {
  const length = header?.length ?? 0;
  const memory = memoryMebibytes * 1024 ** 2;
  const share = content.blocks === 0 ? 1 : content.zeroBlocks / content.blocks;
  if (length < Math.min(smallestImage, memory / 8)) {
    return `it has ${length} bytes, less than any running host uses`;
  }
  if (length > memory * excess) {
    return `it has ${gibibytes(length)}, more than the ${gibibytes(memory)} of memory`;
  }
  if (share >= largestZeroShare) return `${percent(share)} of its blocks are zeros`;
  return content.banner === undefined ? 'no Linux kernel names itself in it' : undefined;
};

/**
 * Whether the image is one of the host's memory, by what is in it and not by what the host says of
 * it. This finds acquisitions that failed, not forgeries: who owns the kernel can show any memory.
 */
export const judgeImage = (evidence: Evidence): ImageJudgement => {
  const fault = headerFault(evidence) ?? contentFault(evidence);
  if (fault !== undefined) {
    return {
      accepted: false,
      sentence: `The image of the memory is kept, but rejected: ${fault}; do not rely on it, and look at the volume's snapshot by hand.`,
    };
  }
  const { header, content } = evidence;
  const share = percent(content.zeroBlocks / content.blocks);
  return {
    accepted: true,
    sentence: `The image of the memory has ${gibibytes(header?.length ?? 0)}, ${share} of its blocks are zeros, and a Linux kernel names itself in it.`,
  };
};
