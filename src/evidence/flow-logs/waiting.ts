import * as z from 'zod/mini';

const schema = z.object({
  /** When the flow logs were made. */
  since: z.iso.datetime(),
  /** When the interfaces were first seen isolated: later than the cut, never before it. */
  cutSeenAt: z.optional(z.iso.datetime()),
  /** When they were last seen isolated. */
  stillCutAt: z.optional(z.iso.datetime()),
  /** Why interfaces have no flow log, in words. */
  refused: z.array(z.string()),
});

/** What one look hands to the next; times are ISO 8601 in UTC. */
export type Waiting = z.infer<typeof schema>;

/** @throws Error for a state that no look has left. */
export const readWaiting = (state: unknown): Waiting => schema.parse(state);

/** How long it is waited for the cut, in seconds. */
export const longestForCut = 15 * 60;

/** Until it is looked for the cut again, in seconds. */
export const untilCut = 15;

/** AWS delivers records to S3 about this long after they were made, in seconds. */
export const firstLook = 10 * 60;

/** After the first look it is looked for so long, in seconds, and as often as this. */
export const longestLooking = 30 * 60;
export const untilNextLook = 2 * 60;

/** An interface of which so many seconds are known needs no further look. */
export const enoughSeconds = 10 * 60;
