import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Origin } from '../../../src/evidence/memory/header.ts';
import { blankHeader, headerBytes, isOf, readHeader } from '../../../src/evidence/memory/header.ts';

const hexadecimal = (length: number) =>
  fc.string({
    unit: fc.constantFrom(...'0123456789abcdef'),
    minLength: length,
    maxLength: length,
  });

const origins: fc.Arbitrary<Origin> = fc.record({
  caseId: fc.stringMatching(/^[A-Za-z0-9_-]{1,110}$/),
  instanceId: hexadecimal(17).map((id) => `i-${id}`),
  nonce: hexadecimal(64),
  volumeBytes: fc.integer({ min: 1, max: 65_536 }).map((gibibytes) => gibibytes * 1024 ** 3),
});

const origin: Origin = {
  caseId: '20261126T0210Z-i-0123456789abcdef0',
  instanceId: 'i-0123456789abcdef0',
  nonce: 'ab'.repeat(32),
  volumeBytes: 11 * 1024 ** 3,
};

const line = (text: string): string => `${text.padEnd(127)}\n`;

/** The header with some lines replaced, as a host could write it. */
const written = (changes: Readonly<Record<string, string>>): Buffer => {
  const lines =
    blankHeader(origin)
      .toString('latin1')
      .match(/.{127}\n/g) ?? [];
  return Buffer.from(
    lines
      .map((each) => {
        const key = each.split(':')[0] ?? '';
        return changes[key] === undefined ? each : line(`${key}: ${changes[key]}`);
      })
      .join(''),
    'latin1',
  );
};

const complete = {
  state: 'complete',
  tool: 'avml',
  'tool-sha256': 'cd'.repeat(32),
  source: '/proc/kcore',
  kernel: '6.1.112-122.189.amzn2023.x86_64',
  started: '2026-11-26T02:20:00Z',
  finished: '2026-11-26T02:27:41Z',
  length: '8589934592',
  'image-sha256': 'ef'.repeat(32),
};

describe('the header of the volume for an image', () => {
  it('is read back as it was written, whatever the case', () => {
    fc.assert(
      fc.property(origins, (each) => {
        const header = readHeader(blankHeader(each));
        expect(header).toEqual({ ...each, state: 'blank' });
        expect(header !== undefined && isOf(header, each)).toBe(true);
      }),
    );
  });

  it('is text in lines that a person can read with dd', () => {
    const text = blankHeader(origin).toString('latin1');
    expect(text).toHaveLength(headerBytes);
    expect(
      text
        .split('\n')
        .slice(0, 4)
        .map((each) => each.trimEnd()),
    ).toEqual([
      'CORDON-MEMORY 1',
      `case: ${origin.caseId}`,
      `instance: ${origin.instanceId}`,
      `nonce: ${origin.nonce}`,
    ]);
  });

  it('says what the host claims once the image is complete', () => {
    expect(readHeader(written(complete))).toEqual({
      ...origin,
      state: 'complete',
      tool: 'avml',
      toolSha256: 'cd'.repeat(32),
      source: '/proc/kcore',
      kernel: '6.1.112-122.189.amzn2023.x86_64',
      startedAt: '2026-11-26T02:20:00Z',
      finishedAt: '2026-11-26T02:27:41Z',
      length: 8_589_934_592,
      imageSha256: 'ef'.repeat(32),
    });
  });

  it.each(Object.keys(complete).filter((key) => key !== 'state'))(
    'is none when it says complete and lacks %s',
    (missing) => {
      const { [missing as keyof typeof complete]: _, ...rest } = complete;
      expect(readHeader(written(rest))).toBeUndefined();
    },
  );

  it.each([
    ['length', '-1'],
    ['length', '1e9'],
    ['length', '99999999999999999999'],
    ['image-sha256', 'EF'.repeat(32)],
    ['tool', 'avml; rm -rf /'],
    ['kernel', '6.1\u001b[2J'],
    ['source', '$(reboot)'],
    ['finished', 'yesterday'],
    ['state', 'accepted'],
  ])('is none when the host writes %s as %j', (key, value) => {
    expect(readHeader(written({ ...complete, [key]: value }))).toBeUndefined();
  });

  it('is none when anything else stands in the lines that are left over', () => {
    const bytes = written(complete);
    bytes.write('x', headerBytes - 10, 'latin1');
    expect(readHeader(bytes)).toBeUndefined();
  });

  it('never throws, and is none, for bytes that nobody of Cordon wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: headerBytes + 10 }), (bytes) => {
        expect(readHeader(Buffer.from(bytes))).toBeUndefined();
      }),
    );
  });

  it('changes with every byte of it: what is read is what was written, or none', () => {
    const bytes = written(complete);
    fc.assert(
      fc.property(fc.nat(headerBytes - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const forged = Buffer.from(bytes);
        forged[at] = (forged[at] ?? 0) ^ by;
        expect(readHeader(forged)).not.toEqual(readHeader(bytes));
      }),
    );
  });

  it('is of another volume when case, instance, nonce or size differ', () => {
    const header = readHeader(blankHeader(origin));
    if (header === undefined) throw new Error('the header is none');
    for (const other of [
      { caseId: 'x' },
      { instanceId: 'i-00000000000000000' },
      { nonce: '00'.repeat(32) },
      { volumeBytes: 1 },
    ]) {
      expect(isOf(header, { ...origin, ...other })).toBe(false);
    }
  });
});
