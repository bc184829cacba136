import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredVersion } from '../../../src/record/chain/stored-object.ts';
import type { KnownHead } from '../../../src/record/chain/verify-record.ts';
import { verifyRecord } from '../../../src/record/chain/verify-record.ts';
import type { JournalEntry } from '../../../src/record/journal/entry.ts';
import { aKeyPair, intoList, nameOf, signingWith, writeRecord } from './a-record.ts';
import type { Part } from './sample-record.ts';

const theCase = {
  accountId: '111122223333',
  region: 'eu-central-1',
  instanceId: 'i-0123456789abcdef0',
  caseId: '20260301T0300Z-i-0123456789abcdef0',
};

const { publicKey, privateKey } = aKeyPair();

const entry = (id: string, minute: number): JournalEntry => ({
  id,
  kind: 'step',
  at: `2026-03-01T03:0${minute}:00.000Z`,
  actor: 'TagFunction',
  program: 'TagFunction',
});

const parts: readonly Part[] = [
  { occasion: 'cut', entries: [entry('a', 1)] },
  { occasion: 'end', entries: [entry('b', 2), entry('c', 3)] },
  { occasion: 'release', entries: [entry('d', 4)] },
];

const listOf = async (its = theCase, some = parts, key = privateKey) => {
  const versions: StoredVersion[] = [];
  const head = await writeRecord(its, some, signingWith(key), intoList(versions));
  return { versions, head };
};

const { versions, head } = await listOf();
const table: KnownHead = { from: 'the case table', last: true, head: head.head, number: 3 };

const verified = (some: readonly StoredVersion[], heads: readonly KnownHead[] = [table]) =>
  verifyRecord(some, { case: theCase, publicKey, heads });

const broken = (...those: Parameters<typeof verified>) => verified(...those).broken;

const isOf = (number: number) => (one: StoredVersion) =>
  one.key.endsWith(nameOf(number)) || one.key.endsWith(`${nameOf(number)}.sig`);

const without = (number: number) => versions.filter((one) => !isOf(number)(one));

describe('The record of a case', () => {
  it('holds as it was written, and gives its objects and its head', () => {
    expect(verified(versions)).toEqual({
      objects: expect.objectContaining({ length: 3 }),
      head: head.head,
      broken: [],
      doubts: [],
    });
  });

  it.each([1, 2, 3])('shows that object %i was taken away', (number) => {
    expect(broken(without(number))[0]).toBe(`object ${number} of the record is missing`);
  });

  it('that was taken away whole is missed by whoever knows its head', () => {
    expect(broken([])).toContain('object 1 of the record is missing');
    expect(broken([], [])).toEqual([]);
  });

  it('shows whatever byte somebody changes in an object or a signature', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (at, where, by) => {
        const changed = versions.map((one, index) => {
          if (index !== at % versions.length) return one;
          const bytes = Uint8Array.from(one.bytes ?? []);
          const position = where % bytes.length;
          bytes[position] = (bytes[position] ?? 0) ^ by;
          return { ...one, bytes };
        });
        expect(broken(changed)).not.toEqual([]);
      }),
    );
  });

  it('names the object that was changed', () => {
    const changed = versions.map((one) =>
      one.key.endsWith(nameOf(2))
        ? { ...one, bytes: Buffer.from(String(Buffer.from(one.bytes ?? [])).replace('"b"', '"x"')) }
        : one,
    );
    expect(broken(changed)).toEqual([
      'object 2 of the record was changed: its signature does not fit',
      'object 3 of the record names another object 2 than lies there',
    ]);
  });

  it('shows an object that was put over, that is hidden, or that is not signed', () => {
    const [first] = versions;
    const over = { key: first?.key ?? '', versionId: 'later', bytes: Buffer.from('{}') };
    expect(broken([over, ...versions])).toEqual([
      'object 1 of the record was put over: it has 2 versions that differ',
    ]);
    expect(broken([{ key: over.key, bytes: undefined }, ...versions])).toEqual([
      'object 1 of the record is hidden by a delete marker',
    ]);
    expect(broken(versions.filter(({ key }) => !key.endsWith(`${nameOf(3)}.sig`)))).toEqual([
      'object 3 of the record is not signed',
    ]);
    // The same bytes once more change nothing.
    expect(broken([{ ...over, bytes: first?.bytes }, ...versions])).toEqual([]);
  });

  it('of another case, or of another key, is not believed', async () => {
    const other = await listOf({ ...theCase, caseId: '20260302T0300Z-i-0123456789abcdef0' });
    const renamed = other.versions.map((one, at) => ({ ...one, key: versions[at]?.key ?? '' }));
    expect(broken(renamed, [])).toContain('object 1 of the record is of another case (caseId)');
    const forged = await listOf(theCase, parts, aKeyPair().privateKey);
    expect(broken(forged.versions, [])[0]).toMatch(/^object 1 .* its signature does not fit$/);
  });

  it('must have the heads that others know: the table’s at its end, the others anywhere', async () => {
    const shorter = await listOf(theCase, parts.slice(0, 2));
    const tag = { from: 'the tag cordon:record', head: shorter.head.head };
    const second = verified(versions).objects[2]?.previous?.sha256 ?? '';
    expect(broken(versions, [table, { ...tag, head: second }])).toEqual([]);
    expect(broken(versions, [table, { ...tag, head: second.slice(0, 16) }])).toEqual([]);
    expect(broken(versions, [{ ...table, head: second, number: 2 }])).toEqual([
      'the record ends with object 3, and the case table with object 2',
    ]);
    expect(broken(versions, [{ ...tag, head: 'f'.repeat(64) }])).toEqual([
      `the head ${'f'.repeat(16)} of the tag cordon:record is of no object that lies there`,
    ]);
    // Somebody took the last object away and gave the table an earlier head; a message knows better.
    const message = { from: 'the message', head: head.head.slice(0, 16) };
    const cut = { ...table, head: second, number: 2 };
    expect(broken(without(3), [cut, message])).toHaveLength(1);
  });

  it('that names its own head in a report must have it', async () => {
    const report = { record: { head: 'e'.repeat(64), number: 1 } };
    const told = await listOf(theCase, [parts[0] as Part, { ...(parts[1] as Part), report }]);
    expect(broken(told.versions, [])).toEqual([
      `the head ${'e'.repeat(16)} of the report in object 2 of the record is of no object that lies there`,
    ]);
  });

  it('is in doubt where nobody has the key', () => {
    const { doubts } = verifyRecord(versions, { case: theCase, publicKey: undefined, heads: [] });
    expect(doubts).toEqual(['the signatures of the record: the public key could not be had']);
  });

  it('is read whatever somebody puts there', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (bytes, versionId) => {
        const put = versions.map((one) => (isOf(2)(one) ? { ...one, versionId, bytes } : one));
        expect(broken(put)).not.toEqual([]);
      }),
    );
  });
});
