import type { KeyObject } from 'node:crypto';
import { verify } from 'node:crypto';
import * as z from 'zod/mini';
import { quoted } from '../../case/quoted.ts';
import type { EvidenceCase } from '../evidence-store/keys.ts';
import type { RecordObject } from './record-object.ts';
import { readRecordObject } from './record-object.ts';
import type { StoredObject, StoredVersion } from './stored-object.ts';
import { storedObjects } from './stored-object.ts';

/** The head of a record, as something beside the record knows it. */
export interface KnownHead {
  /** Who knows it, in words: `the case table`. */
  readonly from: string;
  /** The SHA-256 of an object in hexadecimal, or its first 16 digits and more. */
  readonly head: string;
  /** The number of the object, where that is known. */
  readonly number?: number;
  readonly versionId?: string;
  /** True where it must be that of the last object; others were written before the record went on. */
  readonly last?: true;
}

/** What verifies a record. */
export interface RecordWitnesses {
  readonly case: EvidenceCase;
  /** The public key of the stack; undefined where it could not be had. */
  readonly publicKey: KeyObject | undefined;
  readonly heads: readonly KnownHead[];
}

/** A record as it was read, and whether it is as Cordon wrote it. */
export interface VerifiedRecord {
  /**
   * Those that can be believed, the oldest first: of this case, and signed, as far as the key is known. What
   * somebody put beside them tells no story.
   */
  readonly objects: readonly RecordObject[];
  /** The SHA-256 of the last object in hexadecimal; absent where there is none. */
  readonly head?: string;
  /** What shows that it is not as it was written, one sentence each; empty where chain and heads hold. */
  readonly broken: readonly string[];
  /** What could not be told, one sentence each. */
  readonly doubts: readonly string[];
}

interface Read {
  readonly stored: StoredObject;
  readonly object: RecordObject | undefined;
}

const words = (number: number): string => `object ${number} of the record`;

const readOne = (stored: StoredObject): Read => ({
  stored,
  object: readRecordObject(Buffer.from(stored.bytes ?? []).toString('utf8')),
});

const missing = (stored: readonly StoredObject[], heads: readonly KnownHead[]) => {
  const there = new Set(stored.filter(({ bytes }) => bytes !== undefined).map((one) => one.number));
  const known = heads.flatMap(({ number }) => number ?? []);
  const last = Math.max(0, ...known, ...stored.map(({ number }) => number));
  // A number that somebody made up must not fill the memory.
  const numbers = Array.from({ length: Math.min(last, 10_000) }, (_, at) => at + 1);
  return numbers.filter((one) => !there.has(one)).map((one) => `${words(one)} is missing`);
};

const subjectTrouble = ({ stored, object }: Read, theCase: EvidenceCase): readonly string[] => {
  const { number, bytes } = stored;
  if (bytes === undefined) return [];
  if (object === undefined) return [`${words(number)} cannot be read as one`];
  const fields = ['caseId', 'accountId', 'region', 'instanceId'] as const;
  const others = fields.filter((field) => object[field] !== theCase[field]);
  return [
    ...(others.length === 0 ? [] : [`${words(number)} is of another case (${others.join(', ')})`]),
    ...(object.number === number ? [] : [`${words(number)} says that it is ${object.number}`]),
  ];
};

const signatureTrouble = (
  { stored: { number, bytes, signature } }: Read,
  publicKey: KeyObject | undefined,
): readonly string[] => {
  if (bytes === undefined) return [];
  if (signature === undefined) return [`${words(number)} is not signed`];
  if (publicKey === undefined || verify('sha256', bytes, publicKey, signature)) return [];
  return [`${words(number)} was changed: its signature does not fit`];
};

const linkTrouble = ({ stored, object }: Read, before: StoredObject | undefined) => {
  if (object === undefined) return [];
  const { number } = stored;
  const { previous } = object;
  if (number === 1) return previous === null ? [] : [`${words(1)} names one before it`];
  if (previous === null) return [`${words(number)} names none before it`];
  if (before?.sha256 === undefined) return [];
  const same =
    previous.sha256 === before.sha256 &&
    previous.key === before.key &&
    (before.versionId === undefined ||
      previous.versionId === undefined ||
      previous.versionId === before.versionId);
  return same ? [] : [`${words(number)} names another object ${number - 1} than lies there`];
};

/** A whole SHA-256, or the first digits of one, as seals and messages have them. */
const headPattern = /^[0-9a-f]{16,64}$/;

const isHeadOf =
  ({ head, number, versionId }: KnownHead) =>
  (one: StoredObject): boolean =>
    one.sha256?.startsWith(head) === true &&
    (number === undefined || number === one.number) &&
    (versionId === undefined || one.versionId === undefined || versionId === one.versionId);

const headTrouble = (known: KnownHead, stored: readonly StoredObject[]): readonly string[] => {
  if (!headPattern.test(known.head)) {
    return [`the head of ${known.from} is none: ${quoted(known.head, 64)}`];
  }
  const found = stored.find(isHeadOf(known));
  const short = known.head.slice(0, 16);
  if (found === undefined)
    return [`the head ${short} of ${known.from} is of no object that lies there`];
  const last = stored.at(-1)?.number;
  return known.last === true && found.number !== last
    ? [`the record ends with object ${last}, and ${known.from} with object ${found.number}`]
    : [];
};

const reported = z.object({
  record: z.object({ head: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
});

/** The heads that the reports in the record name: of what stood there when each was written. */
const headsOfReports = (objects: readonly RecordObject[]): readonly KnownHead[] =>
  objects.flatMap(({ number, report }) => {
    const { data } = reported.safeParse(report);
    return data === undefined
      ? []
      : [{ from: `the report in ${words(number)}`, head: data.record.head }];
  });

/**
 * Verifies the record of a case: that no object is missing, changed, put over or hidden, that each is of
 * this case, signed, and names the one before, and that the heads that others know are in it.
 *
 * @param versions every version that lies in the folder of the record.
 */
export const verifyRecord = (
  versions: readonly StoredVersion[],
  { case: theCase, publicKey, heads }: RecordWitnesses,
): VerifiedRecord => {
  const stored = storedObjects(versions);
  const read = stored.map(readOne);
  const troubleOf = (one: Read): readonly string[] => [
    ...subjectTrouble(one, theCase),
    ...signatureTrouble(one, publicKey),
  ];
  const objects = read.flatMap((one) => (troubleOf(one).length > 0 ? [] : (one.object ?? [])));
  const before = new Map(stored.map((one) => [one.number, one]));
  const broken = [
    ...missing(stored, heads),
    ...read.flatMap((one) => [
      ...one.stored.troubles,
      ...troubleOf(one),
      ...linkTrouble(one, before.get(one.stored.number - 1)),
    ]),
    ...[...heads, ...headsOfReports(objects)].flatMap((one) => headTrouble(one, stored)),
  ];
  const unverified = publicKey === undefined && stored.length > 0;
  const head = stored.findLast((one) => one.sha256 !== undefined)?.sha256;
  return {
    objects,
    ...(head === undefined ? {} : { head }),
    broken,
    doubts: unverified ? ['the signatures of the record: the public key could not be had'] : [],
  };
};
