import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../../src/record/chain/read-record.ts';
import { caseFolder } from '../../../src/record/evidence-store/keys.ts';
import { reportWith } from '../../case/sample-report.ts';
import { memoryStore } from '../../evidence/memory-store.ts';
import { entryWith, recordOf } from './sample-record.ts';

const report = reportWith();

const three = () =>
  recordOf(report, [
    { occasion: 'cut', report },
    { entries: [entryWith()] },
    { occasion: 'later' },
  ]);

/** A store in which a record lies, with the signatures beside its objects. */
const storeWith = (objects: readonly { readonly key: string; readonly text: string }[]) => {
  const { bucket, objects: stored } = memoryStore();
  for (const { key, text } of objects) {
    stored.set(key, Buffer.from(text));
    stored.set(`${key}.sig`, Buffer.from('signature'));
  }
  return bucket;
};

const at = <Value>(values: readonly Value[], index: number): Value => {
  const value = values[index];
  if (value === undefined) throw new Error(`There is no ${index}`);
  return value;
};

describe('The record of a case', () => {
  it('is read with its head, and its hashes link', async () => {
    const written = three();
    const record = await readRecord(storeWith(written), report);
    expect(record?.objects).toEqual(written.map(({ object }) => object));
    expect(record?.head).toBe(createHash('sha256').update(at(written, 2).text).digest('hex'));
    expect(record?.breaks).toEqual([]);
  });

  it('is none where nothing was recorded', async () => {
    expect(await readRecord(storeWith([]), report)).toBeUndefined();
  });

  it('shows that an object was changed', async () => {
    const [first, ...rest] = three();
    const changed = {
      key: first?.key ?? '',
      text: first?.text.replace('contained', 'failed') ?? '',
    };
    const record = await readRecord(storeWith([changed, ...rest]), report);
    expect(record?.breaks).toEqual([
      expect.stringMatching(/000002\.json does not name the object before it by its SHA-256\.$/),
    ]);
  });

  it('shows that an object was taken away', async () => {
    const [first, , last] = three();
    const record = await readRecord(storeWith([first, last].flatMap((one) => one ?? [])), report);
    expect(record?.breaks).toEqual([
      expect.stringMatching(/000003\.json has the number 3 and follows 1\.$/),
    ]);
  });

  it('shows what was put into it, and is read all the same', async () => {
    const folder = caseFolder(report);
    const planted = { key: `${folder}record/000004.json`, text: '{"v":1}' };
    const record = await readRecord(storeWith([...three(), planted]), report);
    expect(record?.objects).toHaveLength(3);
    expect(record?.breaks).toEqual([`${planted.key} is no object of a record.`]);
  });

  it('shows an object of another case', async () => {
    const other = recordOf({ ...report, caseId: '20261120T0310Z-i-0123456789abcdef0' }, [{}]);
    const key = at(three(), 0).key;
    const record = await readRecord(storeWith([{ key, text: at(other, 0).text }]), report);
    expect(record?.breaks).toEqual([`${key} belongs to another case.`]);
  });

  it('is not passed over where nothing in it can be read', async () => {
    const junk = { key: at(three(), 0).key, text: 'junk' };
    await expect(readRecord(storeWith([junk]), report)).rejects.toMatchObject({
      name: 'EvidenceStoreError',
    });
  });
});
