import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from '../../../src/evidence/memory/content.ts';
import { contentReader, findBanner, together } from '../../../src/evidence/memory/content.ts';
import type { Header, Origin } from '../../../src/evidence/memory/header.ts';
import { judgeImage } from '../../../src/evidence/memory/judge-image.ts';

const block = 524_288;
const banner = 'Linux version 6.1.112-122.189.amzn2023.x86_64 (mockbuild@ip-10-0-0-1)';

const origin: Origin = {
  caseId: '20261126T0210Z-i-0123456789abcdef0',
  instanceId: 'i-0123456789abcdef0',
  nonce: 'ab'.repeat(32),
  volumeBytes: 11 * 1024 ** 3,
};

const header: Header = { ...origin, state: 'complete', length: 7 * 1024 ** 3 };

const judged = (content: Partial<Content> = {}, said: Header | undefined = header) =>
  judgeImage({
    origin,
    header: said,
    content: { blocks: 14_336, zeroBlocks: 900, banner, ...content },
    memoryMebibytes: 8_192,
  });

/** What the reader sees in these bytes, block by block. */
const seenIn = (bytes: Buffer): Content => {
  const reader = contentReader();
  for (let at = 0; at < bytes.length; at += block) reader.read(bytes.subarray(at, at + block));
  return reader.seen();
};

describe('an image of memory', () => {
  it('is accepted when it has memory and a kernel in it', () => {
    expect(judged()).toEqual({
      accepted: true,
      sentence:
        'The image of the memory has 7.00 GiB, 6.3 % of its blocks are zeros, and a Linux kernel names itself in it.',
    });
  });

  // Three of nine images of a peer were up to 99.7 % zeros, and had passed.
  it('is rejected when it is zeros, and kept', () => {
    const { accepted, sentence } = judged({ zeroBlocks: 14_293 });
    expect(accepted).toBe(false);
    expect(sentence).toContain('99.7 % of its blocks are zeros');
    expect(sentence).toContain('is kept, but rejected');
  });

  it.each([
    ['no kernel names itself', { blocks: 14_336, zeroBlocks: 0 }, header],
    ['less than any', {}, { ...header, length: 1024 }],
    ['less than any', {}, { ...header, length: 0 }],
    ['more than the 8.00 GiB', {}, { ...header, length: 10 * 1024 ** 3 }],
    ['interrupted', {}, { ...header, state: 'writing' as const }],
    ['interrupted', {}, { ...header, state: 'blank' as const }],
    ['another case', {}, { ...header, nonce: '00'.repeat(32) }],
    ['another case', {}, { ...header, volumeBytes: 1 }],
  ])('is rejected: %s', (_, content, said) => {
    const given = 'blocks' in content ? content : { blocks: 14_336, zeroBlocks: 900, banner };
    const judgement = judgeImage({ origin, header: said, content: given, memoryMebibytes: 8_192 });
    expect(judgement.accepted).toBe(false);
  });

  it('is rejected when its header is none', () => {
    const content = { blocks: 10, zeroBlocks: 0, banner };
    const judgement = judgeImage({ origin, header: undefined, content, memoryMebibytes: 8_192 });
    expect(judgement.accepted).toBe(false);
    expect(judgement.sentence).toContain('header is not as');
  });

  it('is rejected when nothing of it was seen', () => {
    expect(judged({ blocks: 0, zeroBlocks: 0 }).accepted).toBe(false);
  });

  it('of a small host is accepted below 64 MiB', () => {
    const small = judgeImage({
      origin,
      header: { ...header, length: 60 * 1024 ** 2 },
      content: { blocks: 120, zeroBlocks: 10, banner },
      memoryMebibytes: 448,
    });
    expect(small.accepted).toBe(true);
  });
});

describe('the name of a kernel', () => {
  it('is found wherever it stands, also across the border of two blocks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 * block - banner.length }), (at) => {
        const bytes = Buffer.alloc(2 * block, 'x');
        bytes.write(banner, at, 'latin1');
        const seen = seenIn(bytes);
        expect(seen.banner).toMatch(/^Linux version 6\.1\.112/);
        expect(seen).toMatchObject({ blocks: 2, zeroBlocks: 0 });
      }),
      { numRuns: 40 },
    );
  });

  it('is not found where only programs speak of it', () => {
    expect(findBanner(Buffer.from('Linux version %s\0Linux version\0linux version 6.1'))).toBe(
      undefined,
    );
  });

  it('never holds more than a line that can be printed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const found = findBanner(Buffer.concat([Buffer.from('Linux version 6.1'), noise]));
        expect(found).toMatch(/^[ -~]{17,120}$/);
      }),
    );
  });

  it('is not made up of blocks that do not follow each other', () => {
    const reader = contentReader();
    const [head, tail] = [Buffer.alloc(block, 'x'), Buffer.alloc(block, 'x')];
    head.write(banner.slice(0, 10), block - 10, 'latin1');
    tail.write(banner.slice(10), 0, 'latin1');
    reader.read(head);
    reader.absent();
    reader.read(tail);
    expect(reader.seen()).toEqual({ blocks: 3, zeroBlocks: 1 });
  });
});

describe('what the functions saw', () => {
  it('is added up, with the first kernel', () => {
    expect(
      together([
        { blocks: 3, zeroBlocks: 1 },
        { blocks: 4, zeroBlocks: 4, banner: 'first' },
        { blocks: 1, zeroBlocks: 0, banner: 'second' },
      ]),
    ).toEqual({ blocks: 8, zeroBlocks: 5, banner: 'first' });
  });
});
