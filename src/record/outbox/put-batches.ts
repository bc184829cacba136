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

/** How long whoever has done something waits until it is noted, in milliseconds. */
const patience = 1_500;

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
 * Puts batches into the outbox of the case table, from where `ReportFunction` takes them. Never throws, and
 * waits no longer than a moment: what the table does not take stands in the log alone.
 */
export const putBatches = async (
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  table: Table,
  batches: readonly Batch[],
): Promise<void> => {
  if (table.tableName === '') return;
  const putOne = async (batch: Batch): Promise<void> => {
    try {
      await underCase(batch.caseId, () =>
        giveUpAfter(clock, patience, () => putIntoOutbox(table, batch)),
      );
    } catch (error) {
      log.error('what was noted is not in the outbox', {
        caseId: batch.caseId,
        entries: batch.entries.length,
        error: inWords(error),
      });
    }
  };
  await unjournaled(() => waitAtMost(clock, patience, Promise.all(batches.map(putOne))));
};
