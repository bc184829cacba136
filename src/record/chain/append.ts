import { createHash, verify } from 'node:crypto';
import type { Clock } from '../../aws/clock.ts';
import { unjournaled } from '../../aws/current-journal.ts';
import { defined } from '../../case/defined.ts';
import { RecordBlockedError } from '../../case/errors.ts';
import { partitionOf } from '../../case/partition.ts';
import type { Table } from '../case-table/condition.ts';
import type { EvidenceCase } from '../evidence-store/keys.ts';
import { shelfOf } from '../evidence-store/keys.ts';
import type { Bucket, Content } from '../evidence-store/objects.ts';
import { getObject, putOnce } from '../evidence-store/objects.ts';
import type { Batch, Writer } from '../journal/batch.ts';
import { entriesOfBatch } from '../journal/batch.ts';
import { clearOutbox, readOutbox } from '../outbox/outbox.ts';
import type { TrailKey } from '../trail/seal/trail-key.ts';
import type { HeadItem, RecordHead } from './head-item.ts';
import { moveHead, readHeadItem } from './head-item.ts';
import { occasionOf } from './occasion.ts';
import { propose, proposedSignature, withdraw } from './proposal.ts';
import type { Occasion, RecordObject } from './record-object.ts';
import { readRecordObject, writeRecordObject } from './record-object.ts';

export const appendPermissions = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  's3:PutObject',
  's3:GetObject',
] as const;

export interface AppendDeps {
  readonly table: Table;
  readonly bucket: Bucket;
  readonly trailKey: TrailKey;
  readonly clock: Clock;
  /** Who appends. */
  readonly writer: Writer;
  /** With whose credentials: an ARN, where it is known. */
  readonly principal?: string | undefined;
}

export interface Appending {
  readonly case: EvidenceCase;
  /** What it is appended beside; absent: what the batches tell. */
  readonly occasion?: Occasion;
  /** Batches that came with the run, and not by the outbox. */
  readonly carried: readonly Batch[];
  /** The case report, where there is one now. */
  readonly report?: Readonly<Record<string, unknown>>;
  /** The settings under which the case ran. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The number of an object in the record, as it stands in its key. */
const numbered = (number: number): string => String(number).padStart(6, '0');

const keyOf = (theCase: EvidenceCase, number: number): string =>
  `${shelfOf(theCase, 'record')}${numbered(number)}.json`;

const byTime = (a: Batch, b: Batch): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);

/** The batches that the record does not have yet, each once, in the order of time. */
const freshOf = (
  carried: readonly Batch[],
  waiting: readonly Batch[],
  { appended }: HeadItem,
): readonly Batch[] => {
  const known = new Set(appended);
  const fresh = new Map([...carried, ...waiting].map((one) => [one.id, one] as const));
  return [...fresh.values()].filter(({ id }) => !known.has(id)).toSorted(byTime);
};

const objectOf = (
  { clock, writer, principal }: AppendDeps,
  { case: theCase, occasion, report, settings }: Appending,
  batches: readonly Batch[],
  head: RecordHead | undefined,
): RecordObject => {
  const { caseId, instanceId, accountId, region } = theCase;
  const { actor, program, version, codeSha256 } = writer;
  const object: RecordObject = {
    v: 1,
    purpose: 'case-record',
    ...{ caseId, instanceId, accountId, region, partition: partitionOf(region) ?? 'unknown' },
    number: (head?.number ?? 0) + 1,
    previous:
      head === undefined
        ? null
        : { key: head.key, sha256: head.sha256, ...defined({ versionId: head.versionId }) },
    occasion: occasion ?? occasionOf(batches),
    appendedAt: clock.now().toISOString(),
    appendedBy: { actor, program, ...defined({ principal, version, codeSha256 }) },
    batches: batches.map(({ id }) => id),
    entries: batches.flatMap(entriesOfBatch),
    ...defined({ settings, report }),
  };
  return JSON.parse(JSON.stringify(object)) as RecordObject;
};

const headOfContent = ({ key, sha256, versionId }: Content, number: number): RecordHead => ({
  key,
  sha256,
  number,
  ...defined({ versionId }),
});

/** The signature beside an object, and the head behind it: the object belongs to the record from then on. */
const settle = async (
  { table, bucket }: AppendDeps,
  { case: theCase }: Appending,
  from: RecordHead | undefined,
  to: RecordHead,
  batches: readonly string[],
  signature: Uint8Array,
): Promise<boolean> => {
  await putOnce(bucket, `${to.key}.sig`, signature, 'application/octet-stream');
  const moved = await moveHead(table, theCase.caseId, from, to, batches);
  await Promise.allSettled([clearOutbox(table, batches), withdraw(table, to.sha256)]);
  return moved;
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
  from: RecordHead | undefined,
  there: Content,
): Promise<void> => {
  const { table, bucket, trailKey } = deps;
  const bytes = await getObject(bucket, there);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const signature = await proposedSignature(table, sha256);
  const object = readRecordObject(Buffer.from(bytes).toString('utf8'));
  const isOurs =
    signature !== undefined &&
    verify('sha256', bytes, await trailKey.publicKey(), signature) &&
    object?.caseId === appending.case.caseId &&
    object.previous?.sha256 === from?.sha256;
  if (!isOurs) {
    // Who put it may have ended its work meanwhile, and the head has moved on.
    const { head } = await readHeadItem(table, appending.case.caseId);
    if (head?.sha256 !== from?.sha256) return;
    throw new RecordBlockedError(
      `s3://${bucket.name}/${there.key} was put by somebody else than Cordon, so nothing can be appended to the record: find out who put it.`,
    );
  }
  const head = headOfContent({ ...there, sha256 }, object.number);
  await settle(deps, appending, from, head, object.batches, signature);
};

/** One try; undefined where another run was faster, so that everything is to be read anew. */
const appendOnce = async (
  deps: AppendDeps,
  appending: Appending,
): Promise<{ readonly head?: RecordHead } | undefined> => {
  const { table, bucket, trailKey, clock } = deps;
  const { case: theCase, carried, report } = appending;
  const item = await readHeadItem(table, theCase.caseId);
  const { head } = item;
  const batches = freshOf(carried, await readOutbox(table, item.pending), item);
  if (batches.length === 0 && (report === undefined || head !== undefined)) {
    return defined({ head });
  }
  const object = objectOf(deps, appending, batches, head);
  const text = writeRecordObject(object);
  const signature = Buffer.from(await trailKey.sign(text), 'base64');
  const bytes = Buffer.from(text);
  await propose(table, createHash('sha256').update(bytes).digest('hex'), signature, clock.now());
  const there = await putOnce(bucket, keyOf(theCase, object.number), bytes, 'application/json');
  if (!there.put) {
    await adopt(deps, appending, head, there);
    return undefined;
  }
  const next = headOfContent(there, object.number);
  const moved = await settle(deps, appending, head, next, object.batches, signature);
  return moved ? { head: next } : undefined;
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
      const ended = await appendOnce(deps, appending);
      if (ended !== undefined) return ended.head;
    }
    throw new RecordBlockedError(
      'Others appended to the record of this case at the same time, again and again; what was noted waits for the next time.',
    );
  });
