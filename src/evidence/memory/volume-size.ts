import { bytesPerGibibyte } from './block.ts';

const mebibytesPerGibibyte = 1024;

/**
 * The size of the volume for an image of so much memory, in GiB: a tenth more, because the ranges of
 * memory that a machine names exceed what its type is said to have, and 2 GiB for the header and the
 * marks between the ranges.
 */
export const blankSize = (memoryMebibytes: number): number =>
  Math.ceil((memoryMebibytes * 1.1) / mebibytesPerGibibyte + 2);

/** The same in bytes, as the host sees the device. */
export const bytesOf = (gibibytes: number): number => gibibytes * bytesPerGibibyte;
