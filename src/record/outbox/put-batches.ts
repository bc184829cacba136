import type { Clock } from '../../aws/clock.ts';
import { waitAtMost } from '../../aws/clock.ts';
import { underCase } from '../../aws/current-case.ts';
import type { Note } from '../../aws/current-journal.ts';
import { unjournaled } from '../../aws/current-journal.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import { inWords } from '../../aws/errors.ts';
import type { Log } from '../../aws/log.ts';
import type { Table } from '../case-table/condition.ts';
import type { Batch, Writer } from '../journal/batch.ts';
import { newBatch } from '../journal/batch.ts';
import { putIntoOutbox } from './outbox.ts';

/** How long somebody waits until what was done is noted, where nothing but that waits, in milliseconds. */
export const patienceAfterwards = 8_000;

/** One batch for each case of which something was noted. */
export const batchesOf = (notes: readonly Note[], writer: Writer, now: Date): readonly Batch[] =>
  [...Map.groupBy(notes, ({ of }) => of.caseId)].map(([caseId, some]) =>
    newBatch(
      caseId,
      writer,
      some.map(({ entry }) => entry),
      now,
    ),
  );

/**
 * Puts batches into the outbox of the case table, from where `ReportFunction` takes them. Never throws.
 *
 * @param patience how long that may take, in milliseconds.
 * @returns what the table has not taken in that time, which stands in the log alone unless somebody keeps it.
 */
export const putBatches = async (
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  table: Table,
  batches: readonly Batch[],
  patience: number,
): Promise<readonly Batch[]> => {
  if (table.tableName === '') return [];
  const left = new Set(batches);
  const putOne = async (batch: Batch): Promise<void> => {
    try {
      await underCase(batch.caseId, () =>
        giveUpAfter(clock, patience, () => putIntoOutbox(table, batch)),
      );
      left.delete(batch);
    } catch (error) {
      log.error('what was noted is not in the outbox', {
        caseId: batch.caseId,
        entries: batch.entries.length,
        error: inWords(error),
      });
    }
  };
  await unjournaled(() => waitAtMost(clock, patience, Promise.all(batches.map(putOne))));
  return [...left];
};
