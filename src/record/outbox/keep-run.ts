import type { Clock } from '../../aws/clock.ts';
import { waitAtMost } from '../../aws/clock.ts';
import type { Note } from '../../aws/current-journal.ts';
import { inWords } from '../../aws/errors.ts';
import type { Log } from '../../aws/log.ts';
import type { CaseReport } from '../../case/report.ts';
import type { Table } from '../case-table/condition.ts';
import type { Batch, Writer } from '../journal/batch.ts';
import { entriesOfBatch } from '../journal/batch.ts';
import { storyOf } from '../journal/story.ts';
import type { Journal, JournalSubject } from '../trail/journal.ts';
import { batchesOf, patienceAfterwards, putBatches } from './put-batches.ts';

export interface KeepDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** What was noted, on the disk of this machine: without a table it is the record. */
  readonly journal?: Journal;
  /** The table of the stack; undefined where there is none. */
  readonly table: () => Promise<Table | undefined>;
  readonly writer: () => Promise<Writer>;
}

/** How long a person waits for the disk, in milliseconds. */
const patience = 1_500;

const onDisk = async (
  { clock, log, journal }: KeepDeps,
  { accountId, region, instanceId }: JournalSubject,
  batches: readonly Batch[],
): Promise<void> => {
  const subject = { accountId, region, instanceId };
  for (const batch of batches) {
    try {
      const written = journal?.note(subject, batch.caseId, entriesOfBatch(batch));
      await waitAtMost(clock, patience, written ?? Promise.resolve());
    } catch (error) {
      log.error('what was noted is not in the journal of this machine', { error: inWords(error) });
    }
  }
};

const keepBatches = async (
  deps: KeepDeps,
  subject: JournalSubject,
  batches: readonly Batch[],
): Promise<void> => {
  if (batches.length === 0) return;
  await onDisk(deps, subject, batches);
  const table = await deps.table().catch(() => undefined);
  if (table !== undefined) await putBatches(deps, table, batches, patienceAfterwards);
};

/**
 * Keeps what was done by hand: in the journal of this machine, and in the outbox of the stack's table, from
 * where `ReportFunction` appends it to the record of the case. Never throws.
 */
export const keepNotes = async (
  deps: KeepDeps,
  subject: JournalSubject,
  notes: readonly Note[],
): Promise<void> => {
  const batches = batchesOf(notes, await deps.writer(), deps.clock.now());
  await keepBatches(deps, subject, batches);
};

/** The same for a run of the whole runbook, with what the run itself tells of the case. */
export const keepRun = async (
  deps: KeepDeps,
  report: CaseReport,
  notes: readonly Note[],
): Promise<void> => {
  if (report.dryRun === true) return;
  const writer = await deps.writer();
  const now = deps.clock.now();
  const story = storyOf(report, report.steps, writer, now, () => writer);
  await keepBatches(deps, report, [...batchesOf(notes, writer, now), ...story]);
};
