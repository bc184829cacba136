import { systemClock } from '../aws/clock.ts';
import type { Note } from '../aws/current-journal.ts';
import type { Log } from '../aws/log.ts';
import type { StepEntry, StepName } from '../case/step.ts';
import { longestCarried, withJournal } from '../functions/carried-journal.ts';
import { functionOfStep } from '../functions/function-of-step.ts';
import type { Batch } from '../record/journal/batch.ts';
import { batchesOf, putBatches } from '../record/outbox/put-batches.ts';
import type { LambdaContext } from './function-writer.ts';
import { functionWriter } from './function-writer.ts';

/** The cut waits for these: what they noted goes on in the state of the run, and no call is made for it. */
const onThePath: ReadonlySet<StepName> = new Set([
  'describe',
  'prepare-isolation',
  'isolate-network',
]);

/** How long a step that the cut does not wait for waits until what it did is noted, in milliseconds. */
const patience = 1_500;

/**
 * Keeps what a step has noted: in its result where the cut waits for it, until `ReportFunction` takes it
 * from there; else in the outbox of the case table, and in its result what that has not taken.
 *
 * @param entry the result; undefined where the step has thrown.
 * @returns the result, with what it noted where that is carried on in it.
 */
export const noteStep = async (
  log: Log,
  step: StepName,
  entry: StepEntry | undefined,
  notes: readonly Note[],
  context: LambdaContext | undefined,
): Promise<StepEntry | undefined> => {
  if (notes.length === 0) return entry;
  const writer = await functionWriter(functionOfStep(step), context);
  const batches = batchesOf(notes, writer, systemClock.now());
  const carrying = (some: readonly Batch[], longest: number): StepEntry | undefined => {
    const [first, ...others] = some;
    if (entry === undefined || first === undefined || others.length > 0) return undefined;
    return withJournal(entry, first, longest);
  };
  const carried = onThePath.has(step) ? carrying(batches, longestCarried.onThePath) : undefined;
  if (carried !== undefined) return carried;
  // On the path too, where a result is too large to go on, or there is none: a step that has thrown is
  // tried again a second later at the earliest, so that this call delays nothing. Imported only now: a
  // client that the cut does not need must not delay a cold start.
  const { journalTable } = await import('./journal-table.ts');
  const left = await putBatches({ clock: systemClock, log }, journalTable(log), batches, patience);
  return carrying(left, longestCarried.elsewhere) ?? entry;
};
