import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksIn, hashOf, zeroHash } from '../../../src/evidence/memory/block.ts';
import { segmentsOf } from '../../../src/evidence/memory/segments.ts';
import { treeHash } from '../../../src/evidence/memory/tree-hash.ts';
import { blankSize } from '../../../src/evidence/memory/volume-size.ts';

describe('the hash of a volume', () => {
  it('is the same however the blocks are shared out among the functions', () => {
    const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 40 });
    fc.assert(
      fc.property(hashes, fc.integer({ min: 1, max: 50 }), (each, longest) => {
        const all = Buffer.concat(each);
        const lists = segmentsOf(each.length, longest).map(({ from, to }) =>
          all.subarray(from * 32, to * 32),
        );
        expect(treeHash(lists, each.length)).toBe(createHash('sha256').update(all).digest('hex'));
      }),
    );
  });

  it('is none while the hash of a block is missing', () => {
    expect(() => treeHash([Buffer.alloc(32)], 2)).toThrow('2 blocks');
  });

  it('counts a block that was never written as 524288 zero bytes', () => {
    expect(zeroHash).toEqual(hashOf(Buffer.alloc(524_288)));
  });
});

describe('the segments of a volume', () => {
  it('have every block once, in order', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.integer({ min: 1, max: 600 }), (blocks, longest) => {
        const segments = segmentsOf(blocks, longest);
        expect(segments.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(blocks);
        let next = 0;
        for (const { from, to } of segments) {
          expect(from).toBe(next);
          expect(to - from).toBeLessThanOrEqual(longest);
          next = to;
        }
      }),
    );
  });
});

describe('the size of the volume for the image', () => {
  it('is the memory with a tenth more, and 2 GiB', () => {
    expect(blankSize(8 * 1024)).toBe(11);
    expect(blankSize(512)).toBe(3);
    expect(blankSize(24 * 1024 * 1024)).toBe(27_036);
  });

  it('has room for an image of a tenth more than the memory, behind its header', () => {
    fc.assert(
      fc.property(fc.integer({ min: 256, max: 32 * 1024 * 1024 }), (mebibytes) => {
        const room = (blocksIn(blankSize(mebibytes)) - 1) * 524_288;
        expect(room).toBeGreaterThanOrEqual(mebibytes * 1.1 * 1024 ** 2);
      }),
    );
  });
});
