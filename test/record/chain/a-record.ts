import type { KeyObject } from 'node:crypto';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { RecordObject } from '../../../src/record/chain/record-object.ts';
import { writeRecordObject } from '../../../src/record/chain/record-object.ts';
import type { StoredVersion } from '../../../src/record/chain/stored-object.ts';
import { recordFolder } from '../../../src/record/chain/stored-object.ts';
import type { EvidenceCase } from '../../../src/record/evidence-store/keys.ts';
import type { JournalEntry } from '../../../src/record/journal/entry.ts';

/** Keys as the stack has them. */
export const aKeyPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Signs bytes with the key of the trail: ECDSA over their SHA-256, in DER. */
export type SignRecord = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

export const signingWith =
  (privateKey: KeyObject): SignRecord =>
  (bytes) =>
    sign('sha256', bytes, privateKey);

/** Puts the bytes of an object, and answers with the id of its version. */
export type PutRecord = (key: string, bytes: Uint8Array) => Promise<string | undefined>;

/** What one object of a record is made of. */
export type Part = Pick<RecordObject, 'occasion'> & {
  readonly entries: readonly JournalEntry[];
  readonly report?: Readonly<Record<string, unknown>>;
};

/** Puts nowhere but into a list, as the store would list it. */
export const intoList = (versions: StoredVersion[]): PutRecord => {
  return async (key, bytes) => {
    const versionId = `v${versions.length + 1}`;
    versions.push({ key, versionId, bytes });
    return versionId;
  };
};

/** The name of an object in its folder. */
export const nameOf = (number: number): string => `${String(number).padStart(6, '0')}.json`;

/** Writes a record, object after object, each with its signature; answers with its head. */
export const writeRecord = async (
  theCase: EvidenceCase,
  parts: readonly Part[],
  signRecord: SignRecord,
  put: PutRecord,
) => {
  let previous: RecordObject['previous'] = null;
  for (const [at, { occasion, entries, report }] of parts.entries()) {
    const number = at + 1;
    const { accountId, region, instanceId, caseId } = theCase;
    const object: RecordObject = {
      v: 1,
      purpose: 'case-record',
      ...{ caseId, instanceId, accountId, region, partition: 'aws', number, previous, occasion },
      appendedAt: entries.at(-1)?.at ?? '2026-03-01T03:00:00.000Z',
      appendedBy: { actor: 'TagFunction', program: 'TagFunction' },
      batches: [],
      ...(report === undefined ? {} : { report }),
      entries: entries.map((entry) => ({ ...entry })),
    };
    const bytes = Buffer.from(writeRecordObject(object));
    const key = `${recordFolder(theCase)}${nameOf(number)}`;
    const versionId = await put(key, bytes);
    await put(`${key}.sig`, await signRecord(bytes));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    previous = { key, sha256, ...(versionId === undefined ? {} : { versionId }) };
  }
  return { head: previous?.sha256 ?? '', number: parts.length, versionId: previous?.versionId };
};
