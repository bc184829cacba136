import { systemClock } from '../aws/clock.ts';
import type { Note } from '../aws/current-journal.ts';
import { journaling } from '../aws/current-journal.ts';
import type { Log } from '../aws/log.ts';
import type { Batch } from '../record/journal/batch.ts';
import { batchesOf, patienceAfterwards, putBatches } from '../record/outbox/put-batches.ts';
import type { LambdaContext } from './function-writer.ts';
import { functionWriter } from './function-writer.ts';
import { journalTable } from './journal-table.ts';

/** How a function keeps its journal. */
export interface Journaled {
  /** The logical name of the function. */
  readonly program: string;
  readonly log: Log;
  /** Whether what AWS answers to a call that only reads is kept; default false. */
  readonly keepsAnswers?: boolean;
  /** Which notes of a case are worth a place in its record; default: all. */
  readonly worth?: (notes: readonly Note[]) => readonly Note[];
  /** What others have noted and handed on in the event; default: nothing. */
  readonly handedOn?: (event: unknown) => readonly Batch[];
}

type Handler<Result> = (event: unknown, context?: LambdaContext) => Promise<Result>;

/**
 * A function whose calls, changes and messages become entries in the records of the cases that they are
 * for, also where it throws. Whoever called it gets its result a moment later for that.
 */
export const journaled =
  <Result>(
    {
      program,
      log,
      keepsAnswers = false,
      worth = (notes) => notes,
      handedOn = () => [],
    }: Journaled,
    handler: Handler<Result>,
  ): Handler<Result> =>
  async (event, context) => {
    const notes: Note[] = [];
    try {
      return await journaling(notes, () => handler(event, context), { keepsAnswers });
    } finally {
      const kept = worth(notes);
      const others = handedOn(event);
      if (kept.length + others.length > 0) {
        const writer = await functionWriter(program, context);
        const batches = [...others, ...batchesOf(kept, writer, systemClock.now())];
        const deps = { clock: systemClock, log };
        await putBatches(deps, journalTable(log), batches, patienceAfterwards);
      }
    }
  };
