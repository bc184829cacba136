import * as z from 'zod/mini';
import type { StepEntry } from '../case/step.ts';

const entrySchema = z.looseObject({
  step: z.string(),
  outcome: z.string(),
  finishedAt: z.string(),
});

/** States collect entries in nested lists, and leave an empty one where a step did not run. */
export const stepEntries = (steps: readonly unknown[]): readonly StepEntry[] =>
  (steps.flat(4) as unknown[]).flatMap((one) => {
    const parsed = entrySchema.safeParse(one);
    if (!parsed.success) return [];
    const entry = parsed.data as unknown as StepEntry;
    return [
      { ...entry, startedAt: entry.startedAt ?? entry.finishedAt, detail: entry.detail ?? {} },
    ];
  });
