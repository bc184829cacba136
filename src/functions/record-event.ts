import * as z from 'zod/mini';

const schema = z.object({
  record: z.union([z.literal('outbox'), z.object({ caseId: z.string() })]),
});

/**
 * Which records are to be gone on with: that of one case, or of every case of which something waits;
 * undefined for an event that is about a report.
 */
export const parseRecordEvent = (
  event: unknown,
): 'outbox' | { readonly caseId: string } | undefined => schema.safeParse(event).data?.record;
