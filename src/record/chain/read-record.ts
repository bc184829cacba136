import { createHash } from 'node:crypto';
import { EvidenceStoreError } from '../../case/errors.ts';
import type { EvidenceCase } from '../evidence-store/keys.ts';
import { caseFolder } from '../evidence-store/keys.ts';
import type { Bucket } from '../evidence-store/objects.ts';
import { getObject, listKeys } from '../evidence-store/objects.ts';
import type { RecordObject } from './record-object.ts';
import { readRecordObject } from './record-object.ts';

/** The record of a case as it lies in the store. */
export interface CaseRecord {
  /** The oldest first. */
  readonly objects: readonly RecordObject[];
  /** SHA-256 of the bytes of the last object, in hexadecimal. */
  readonly head: string;
  /**
   * What shows that an object was changed, taken away or put in between, one sentence each; empty where the
   * hashes of all objects link. The signatures beside the objects are not looked at.
   */
  readonly breaks: readonly string[];
}

interface StoredObject {
  readonly key: string;
  readonly sha256: string;
  readonly object: RecordObject;
}

/** The name of an object in its folder; the signature beside it ends in `.sig`. */
const objectName = /^\d{6}\.json$/;

/** How many objects are read at once. */
const together = 8;

const readOne = async (bucket: Bucket, key: string): Promise<StoredObject | string> => {
  const bytes = await getObject(bucket, { key });
  const object = readRecordObject(Buffer.from(bytes).toString('utf8'));
  return object === undefined
    ? `${key} is no object of a record.`
    : { key, sha256: createHash('sha256').update(bytes).digest('hex'), object };
};

const breakAt = (
  { key, object }: StoredObject,
  before: StoredObject | undefined,
  theCase: EvidenceCase,
): string | undefined => {
  if (object.caseId !== theCase.caseId || object.instanceId !== theCase.instanceId) {
    return `${key} belongs to another case.`;
  }
  if (object.number !== (before?.object.number ?? 0) + 1) {
    return `${key} has the number ${object.number} and follows ${before?.object.number ?? 'nothing'}.`;
  }
  return object.previous?.sha256 === before?.sha256
    ? undefined
    : `${key} does not name the object before it by its SHA-256.`;
};

const readAll = async (bucket: Bucket, keys: readonly string[]) => {
  const read: (StoredObject | string)[] = [];
  for (let at = 0; at < keys.length; at += together) {
    const some = keys.slice(at, at + together);
    read.push(...(await Promise.all(some.map((key) => readOne(bucket, key)))));
  }
  return read;
};

/**
 * Reads the record of a case from the evidence store.
 *
 * @returns undefined where the case has none.
 * @throws EvidenceStoreError where what lies there is no object of a record.
 */
export const readRecord = async (
  bucket: Bucket,
  theCase: EvidenceCase,
): Promise<CaseRecord | undefined> => {
  const folder = `${caseFolder(theCase)}record/`;
  const keys = (await listKeys(bucket, folder)).filter((key) =>
    objectName.test(key.slice(folder.length)),
  );
  if (keys.length === 0) return undefined;
  const read = await readAll(bucket, keys);
  const stored = read.filter((one) => typeof one !== 'string');
  const last = stored.at(-1);
  if (last === undefined) {
    throw new EvidenceStoreError(
      `Nothing in s3://${bucket.name}/${folder} is an object of a record: look for the versions that Cordon wrote.`,
    );
  }
  return {
    objects: stored.map(({ object }) => object),
    head: last.sha256,
    breaks: [
      ...read.filter((one) => typeof one === 'string'),
      ...stored.flatMap((one, at) => breakAt(one, stored[at - 1], theCase) ?? []),
    ],
  };
};
