import { systemClock } from '../aws/clock.ts';
import type { Note } from '../aws/current-journal.ts';
import type { Log } from '../aws/log.ts';
import type { StepEntry, StepName } from '../case/step.ts';
import { withJournal } from '../functions/carried-journal.ts';
import { functionOfStep } from '../functions/function-of-step.ts';
import { batchesOf, putBatches } from '../record/outbox/put-batches.ts';
import type { LambdaContext } from './function-writer.ts';
import { functionWriter } from './function-writer.ts';

/** The cut waits for these: what they noted goes on in the state of the run, and no call is made for it. */
const onThePath: ReadonlySet<StepName> = new Set([
  'describe',
  'prepare-isolation',
  'isolate-network',
]);

/**
 * Keeps what a step has noted: in its result where the cut waits for it, until `ReportFunction` takes it
 * from there; else in the outbox of the case table.
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
  const [first] = batches;
  if (entry !== undefined && onThePath.has(step) && batches.length === 1 && first !== undefined) {
    const carrying = withJournal(entry, first);
    if (carrying !== undefined) return carrying;
  }
  // A result that is too large to go on, or none: a step that has thrown is tried again a second later at the
  // earliest, so that this call delays nothing. Imported only now: a client that the cut does not need must not delay a cold start.
  const { journalTable } = await import('./journal-table.ts');
  await putBatches({ clock: systemClock, log }, journalTable(log), batches);
  return entry;
};
