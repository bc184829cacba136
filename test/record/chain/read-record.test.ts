import { describe, expect, it } from 'vitest';
import { readRecord } from '../../../src/record/chain/read-record.ts';
import { readLatest } from '../../../src/record/chain/read-versions.ts';
import type { KnownHead } from '../../../src/record/chain/verify-record.ts';
import { recordKey } from '../../../src/record/evidence-store/keys.ts';
import { reportWith } from '../../case/sample-report.ts';
import { memoryStore } from '../../evidence/memory-store.ts';
import { aKeyPair, signingWith, writeRecord } from './a-record.ts';
import { entryWith } from './sample-record.ts';

const report = reportWith();

const { publicKey, privateKey } = aKeyPair();

const parts = [
  { occasion: 'cut', report },
  { entries: [entryWith()] },
  { occasion: 'later' },
] as const;

/** A store in which a record of three objects lies, with what somebody else has done to it. */
const aRecord = async (about = report) => {
  const { bucket, objects } = memoryStore();
  const put = async (key: string, bytes: Uint8Array) => {
    objects.set(key, Buffer.from(bytes));
    return 'a version';
  };
  const { head } = await writeRecord(about, parts, signingWith(privateKey), put);
  const read = (upTo = 3, heads: readonly KnownHead[] = []) =>
    readRecord(bucket, report, { publicKey, heads: async () => heads }, readLatest(upTo));
  const readWithoutKey = () =>
    readRecord(bucket, report, { publicKey: undefined, heads: async () => [] }, readLatest(3));
  return { objects, head, read, readWithoutKey };
};

describe('The record of a case, as its page reads it', () => {
  it('is read with its head, signed, and its hashes link', async () => {
    const { head, read } = await aRecord();
    const record = await read();
    expect(record).toMatchObject({ head, broken: [], doubts: [] });
    expect(record?.objects.map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it('is none where nothing was recorded', async () => {
    const { objects, read } = await aRecord();
    objects.clear();
    expect(await read()).toBeUndefined();
  });

  it('ends where the page was made, whatever is being put behind that', async () => {
    const { objects, read } = await aRecord();
    objects.delete(`${recordKey(report, 3)}.sig`);
    expect(await read(2)).toMatchObject({ objects: { length: 2 }, broken: [] });
    expect((await read())?.broken).toEqual(['object 3 of the record is not signed']);
  });

  it('shows that its end was taken away to who knows it', async () => {
    const { objects, head, read } = await aRecord();
    const known = { from: 'the case table', head, number: 3, last: true } as const;
    expect((await read(3, [known]))?.broken).toEqual([]);
    objects.delete(recordKey(report, 3));
    expect((await read(3, [known]))?.broken).toContain('object 3 of the record is missing');
  });

  it('tells nothing that somebody has put beside it', async () => {
    const { objects, read } = await aRecord();
    const lie = { ...JSON.parse(String(objects.get(recordKey(report, 3)))), number: 4 };
    objects.set(recordKey(report, 4), Buffer.from(JSON.stringify(lie)));
    objects.set(
      `${recordKey(report, 4)}.sig`,
      objects.get(`${recordKey(report, 3)}.sig`) as Buffer,
    );
    const record = await read(4);
    expect(record?.broken).toContain(
      'object 4 of the record was changed: its signature does not fit',
    );
    expect(record?.objects).toHaveLength(3);
  });

  it('is in doubt without the key, and its hashes are compared all the same', async () => {
    const { objects, readWithoutKey } = await aRecord();
    expect(await readWithoutKey()).toMatchObject({ broken: [], doubts: [expect.anything()] });
    objects.delete(recordKey(report, 2));
    expect((await readWithoutKey())?.broken).toContain('object 2 of the record is missing');
  });

  it('of another case is refused, and so is one in which nothing can be read', async () => {
    const refused = { name: 'EvidenceStoreError' };
    const { objects, read } = await aRecord();
    for (const key of objects.keys()) objects.set(key, Buffer.from('junk'));
    await expect(read()).rejects.toMatchObject(refused);
    const other = await aRecord({ ...report, caseId: '20261120T0310Z-i-0123456789abcdef0' });
    for (const [key, bytes] of other.objects) {
      objects.set(key.replace('20261120T0310Z-i-0123456789abcdef0', report.caseId), bytes);
    }
    await expect(read()).rejects.toMatchObject(refused);
  });
});
