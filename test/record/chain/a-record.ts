import type { KeyObject } from 'node:crypto';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { RecordObject } from '../../../src/record/chain/record-object.ts';
import { writeRecordObject } from '../../../src/record/chain/record-object.ts';
import type { StoredVersion } from '../../../src/record/chain/stored-object.ts';
import type { EvidenceCase } from '../../../src/record/evidence-store/keys.ts';
import { recordKey } from '../../../src/record/evidence-store/keys.ts';
import type { Part } from './sample-record.ts';
import { objectWith } from './sample-record.ts';

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
  for (const [at, part] of parts.entries()) {
    const number = at + 1;
    const object = objectWith(theCase, part, number, previous);
    const bytes = Buffer.from(writeRecordObject(object));
    const key = recordKey(theCase, number);
    const versionId = await put(key, bytes);
    await put(`${key}.sig`, await signRecord(bytes));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    previous = { key, sha256, ...(versionId === undefined ? {} : { versionId }) };
  }
  return { head: previous?.sha256 ?? '', number: parts.length, versionId: previous?.versionId };
};
