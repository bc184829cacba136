import type { Clock } from '../../aws/clock.ts';
import { defined } from '../../case/defined.ts';
import { partitionOf } from '../../case/partition.ts';
import type { EvidenceCase } from '../evidence-store/keys.ts';
import type { Batch, Writer } from '../journal/batch.ts';
import { entriesOfBatch } from '../journal/batch.ts';
import type { RecordHead } from './head-item.ts';
import { occasionOf } from './occasion.ts';
import type { Occasion, RecordObject } from './record-object.ts';

/** What is appended to the record of a case. */
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

/** Who appends, and when. */
export interface Appender {
  readonly clock: Clock;
  readonly writer: Writer;
  /** With whose credentials: an ARN, where it is known. */
  readonly principal?: string | undefined;
}

/** The object that follows the head of a record, with these batches in it. */
export const nextObject = (
  { clock, writer, principal }: Appender,
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
