import { systemClock } from '../aws/clock.ts';
import type { Note } from '../aws/current-journal.ts';
import type { Log } from '../aws/log.ts';
import type { StepEntry, StepName } from '../case/step.ts';
import { longestCarried, withJournal } from '../functions/carried-journal.ts';
import { earlierTry } from '../functions/earlier-try.ts';
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

/** How long a step waits until what it did is noted where it carries that nowhere, in milliseconds. */
const patience = 1_500;

/** The same for an isolation that has thrown: the next try begins as soon as this one has ended. */
const patienceBeforeTheNextCut = 300;

/** What a step has noted. */
export interface StepNotes {
  readonly notes: readonly Note[];
  /** The event of the step, in which an earlier try of it may have handed on its own. */
  readonly event: unknown;
}

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
  { notes, event }: StepNotes,
  context: LambdaContext | undefined,
): Promise<StepEntry | undefined> => {
  const writer = await functionWriter(functionOfStep(step), context);
  const batches = [...earlierTry(event, writer), ...batchesOf(notes, writer, systemClock.now())];
  if (batches.length === 0) return entry;
  const carrying = (some: readonly Batch[], longest: number): StepEntry | undefined =>
    entry === undefined || some.length === 0 ? undefined : withJournal(entry, some, longest);
  const carried = onThePath.has(step) ? carrying(batches, longestCarried.onThePath) : undefined;
  if (carried !== undefined) return carried;
  // On the path too, where a result is too large to go on, or there is none. Imported only now: a client
  // that the cut does not need must not delay a cold start.
  const { journalTable } = await import('./journal-table.ts');
  const deps = { clock: systemClock, log };
  const isCutWaiting = step === 'isolate-network' && entry === undefined;
  const longest = isCutWaiting ? patienceBeforeTheNextCut : patience;
  const left = await putBatches(deps, journalTable(log), batches, longest);
  return carrying(left, longestCarried.elsewhere) ?? entry;
};
