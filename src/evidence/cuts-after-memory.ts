import * as z from 'zod/mini';
import { oneLine } from '../case/one-line.ts';
import type { Collected } from './evidence-event.ts';

const entrySchema = z.looseObject({
  outcome: z.string(),
  error: z.optional(z.looseObject({ message: z.string() })),
  detail: z.looseObject({
    reinforcements: z.optional(
      z.array(z.looseObject({ cut: z.string(), outcome: z.string(), what: z.string() })),
    ),
  }),
});

const failureSchema = z.looseObject({ Error: z.string(), Cause: z.optional(z.string()) });

const linesOf = (after: unknown): readonly string[] => {
  const entry = entrySchema.safeParse(after);
  if (entry.success) {
    const { outcome, error, detail } = entry.data;
    if (outcome === 'failed') return [`NOT CUT after memory: ${oneLine(error?.message ?? '')}`];
    return (detail.reinforcements ?? []).map(
      ({ cut, outcome: how, what }) =>
        `${how === 'failed' ? 'NOT CUT' : 'cut'} after memory: ${oneLine(cut)}: ${oneLine(what)}`,
    );
  }
  const failure = failureSchema.safeParse(after);
  if (!failure.success) return [];
  return [
    `NOT CUT after memory: ${oneLine(failure.data.Cause ?? failure.data.Error).slice(0, 300)}`,
  ];
};

/** What became of the cuts that waited for memory, in words; nothing where none waited. */
export const cutsAfterMemory = (collected: readonly Collected[]): readonly string[] =>
  collected.flatMap(({ after }) => (after === undefined ? [] : linesOf(after)));
