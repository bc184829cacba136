import * as z from 'zod/mini';
import type { StepEntry } from '../case/step.ts';
import type { Batch, Writer } from '../record/journal/batch.ts';
import { stepBatch } from '../record/journal/story.ts';
import { carriedBatches, withoutJournal } from './carried-journal.ts';
import { entrySchema } from './run-entries.ts';

const schema = z.object({
  case: z.object({ caseId: z.string(), dryRun: z.optional(z.boolean()) }),
  earlier: entrySchema,
});

/**
 * What an earlier try of the same step has noted, and how it ended: the state machine replaces its result by
 * that of the next one, and hands it on to that. Nothing where it threw, whose notes are in the outbox.
 *
 * @param writer who does the step, in this try as in the one before.
 */
export const earlierTry = (event: unknown, writer: Writer): readonly Batch[] => {
  const { data } = schema.safeParse(event);
  if (data === undefined || data.case.dryRun === true) return [];
  const { caseId } = data.case;
  const entry = data.earlier as unknown as StepEntry;
  return [...carriedBatches(entry), stepBatch(caseId, writer, withoutJournal(entry), caseId)];
};
