import { createHash, verify } from 'node:crypto';
import { unjournaled } from '../../aws/current-journal.ts';
import { codeOf } from '../../aws/errors.ts';
import { defined } from '../../case/defined.ts';
import { EvidenceStoreError, RecordBlockedError } from '../../case/errors.ts';
import type { Table } from '../case-table/condition.ts';
import { recordKey } from '../evidence-store/keys.ts';
import type { Bucket, Content } from '../evidence-store/objects.ts';
import { getObject, headOf, putOnce } from '../evidence-store/objects.ts';
import { clearOutbox } from '../outbox/outbox.ts';
import type { TrailKey } from '../trail/seal/trail-key.ts';
import { freshBatches } from './fresh-batches.ts';
import type { HeadItem, RecordHead } from './head-item.ts';
import { moveHead, noteBlocked, readHeadItem } from './head-item.ts';
import type { Appender, Appending } from './next-object.ts';
import { nextObject } from './next-object.ts';
import { propose, proposedSignature, withdraw } from './proposal.ts';
import { readRecordObject, writeRecordObject } from './record-object.ts';
import { endWaiting, readWaiting } from './waiting-item.ts';

export const appendPermissions = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  's3:PutObject',
  's3:GetObject',
  's3:GetObjectVersion',
] as const;

export interface AppendDeps extends Appender {
  readonly table: Table;
  readonly bucket: Bucket;
  readonly trailKey: TrailKey;
}

const headOfContent = ({ key, sha256, versionId }: Content, number: number): RecordHead => ({
  key,
  sha256,
  number,
  ...defined({ versionId }),
});

/** HeadObject has no body that could name the error. */
const isMissing = (error: unknown): boolean => ['NotFound', 'NoSuchKey'].includes(codeOf(error));

const blocked = ({ name }: Bucket, key: string): RecordBlockedError =>
  new RecordBlockedError(
    `s3://${name}/${key} was put by somebody else than Cordon, so nothing can be appended to the record: find out who put it.`,
  );

/** The signature beside an object, and the head behind it: the object belongs to the record from then on. */
const settle = async (
  { table, bucket }: AppendDeps,
  { case: theCase }: Appending,
  from: HeadItem,
  to: RecordHead,
  batches: readonly string[],
  signature: Uint8Array,
): Promise<boolean> => {
  const key = `${to.key}.sig`;
  const beside = await putOnce(bucket, key, signature, 'application/octet-stream');
  if (!beside.put) throw blocked(bucket, key);
  const moved = await moveHead(table, theCase.caseId, from, to, batches);
  // What still waits after this is known to be appended, and is no more waited for the next time.
  await Promise.allSettled([
    moved ? endWaiting(table, theCase.caseId, batches) : undefined,
    clearOutbox(table, batches),
    withdraw(table, to.sha256),
  ]);
  return moved;
};

/** No signature of the key is longer, in bytes: two numbers of 256 bits in DER. */
const longestSignature = 80;

/**
 * The signature of an object that lies there: as it was proposed, or as it lies beside the object where the
 * head was lost after both were put. Undefined where nobody has signed it.
 */
const signatureOf = async (
  { table, bucket }: AppendDeps,
  { key, sha256 }: Content,
): Promise<Uint8Array | undefined> => {
  const proposed = await proposedSignature(table, sha256);
  if (proposed !== undefined) return proposed;
  try {
    const beside = await headOf(bucket, { key: `${key}.sig` });
    return beside.bytes > longestSignature ? undefined : await getObject(bucket, beside);
  } catch (error) {
    if (isMissing(error) || error instanceof EvidenceStoreError) return undefined;
    throw error;
  }
};

/**
 * An object lies under the next number that this run did not put: another run did, and was ended before
 * it could move the head, or is about to. It counts if it was signed, and follows the head.
 *
 * @throws RecordBlockedError for anything else.
 */
const adopt = async (
  deps: AppendDeps,
  appending: Appending,
  from: HeadItem,
  there: Content,
): Promise<void> => {
  const { bucket, trailKey } = deps;
  const { sha256 } = there;
  const signature = await signatureOf(deps, there);
  // What nobody has signed is not read: it may be of any size.
  const bytes = signature === undefined ? new Uint8Array() : await getObject(bucket, there);
  const object = readRecordObject(Buffer.from(bytes).toString('utf8'));
  const isOurs =
    signature !== undefined &&
    createHash('sha256').update(bytes).digest('hex') === sha256 &&
    verify('sha256', bytes, await trailKey.publicKey(), signature) &&
    object?.caseId === appending.case.caseId &&
    object.previous?.sha256 === from.head?.sha256;
  if (!isOurs) {
    // Who put it may have ended its work meanwhile, and the head has moved on.
    const { head } = await readHeadItem(deps.table, appending.case.caseId);
    if (head?.sha256 !== from.head?.sha256) return;
    throw blocked(bucket, there.key);
  }
  const head = headOfContent(there, object.number);
  await settle(deps, appending, from, head, object.batches, signature);
};

/** One try; undefined where another run was faster, so that everything is to be read anew. */
const appendOnce = async (
  deps: AppendDeps,
  appending: Appending,
): Promise<{ readonly head?: RecordHead } | undefined> => {
  const { table, bucket, trailKey, clock } = deps;
  const { case: theCase, carried, report } = appending;
  const { caseId } = theCase;
  const [item, pending] = await Promise.all([
    readHeadItem(table, caseId),
    readWaiting(table, caseId),
  ]);
  const { head } = item;
  const now = clock.now();
  const batches = await freshBatches(
    table,
    caseId,
    { ...item, pending },
    carried,
    deps.writer,
    now,
  );
  if (batches.length === 0 && (report === undefined || head !== undefined)) {
    return defined({ head });
  }
  const object = nextObject(deps, appending, batches, head);
  const text = writeRecordObject(object);
  const signature = Buffer.from(await trailKey.sign(text), 'base64');
  const bytes = Buffer.from(text);
  await propose(table, createHash('sha256').update(bytes).digest('hex'), signature, now);
  const there = await putOnce(bucket, recordKey(theCase, object.number), bytes, 'application/json');
  if (!there.put) {
    await adopt(deps, appending, item, there);
    return undefined;
  }
  const next = headOfContent(there, object.number);
  const moved = await settle(deps, appending, item, next, object.batches, signature);
  return moved ? { head: next } : undefined;
};

/** Messages about the case say so from then on; that this cannot be noted changes nothing else. */
const sayBlocked = async (
  { table, clock }: AppendDeps,
  { case: { caseId } }: Appending,
): Promise<void> => {
  await noteBlocked(table, caseId, clock.now()).catch(() => {});
};

/** Runs of one case that append at the same time are few; each try lets one of them through. */
const tries = 6;

/**
 * Appends what was noted of a case to its record: one object more, put once, signed, and naming the one
 * before. Of several that append at once the store takes one, and the others go on behind it, so that the
 * record has no two continuations. Whatever ends this half-way, the next one goes on from there.
 *
 * @returns the head of the record; undefined where there is nothing to record.
 * @throws RecordBlockedError where something lies in its way that Cordon did not put.
 */
export const appendToRecord = (
  deps: AppendDeps,
  appending: Appending,
): Promise<RecordHead | undefined> =>
  unjournaled(async () => {
    for (let left = tries; left > 0; left -= 1) {
      const ended = await appendOnce(deps, appending).catch(async (error: unknown) => {
        if (error instanceof RecordBlockedError) await sayBlocked(deps, appending);
        throw error;
      });
      if (ended !== undefined) return ended.head;
    }
    throw new RecordBlockedError(
      'Others appended to the record of this case at the same time, again and again; what was noted waits for the next time.',
    );
  });
