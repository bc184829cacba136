import * as z from 'zod/mini';

export const collectorOutcomes = ['done', 'already', 'not-applicable', 'failed'] as const;

/** How a collector ended in one run. */
export interface CollectorOutcome {
  readonly collector: string;
  readonly outcome: (typeof collectorOutcomes)[number];
  /** What there is, or why there is nothing and what to do instead; one sentence. */
  readonly sentence: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

const schema = z.object({
  collector: z.string(),
  outcome: z.enum(collectorOutcomes),
  sentence: z.string(),
  at: z.string(),
});

/** An outcome as it was read; undefined for anything that is none. */
export const readOutcome = (text: string): CollectorOutcome | undefined => {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
