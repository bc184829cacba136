import { isFields } from './trigger.ts';

/** What the rule of the findings lets through of the schedule of the stack. */
export const heartbeatPattern = { source: ['cordon.heartbeat'] } as const;

/**
 * Whether an event shows that findings reach Cordon. Whoever may put events can send one, so nothing
 * else in it is read, and nothing comes of it but a figure and a line in the log.
 */
export const isHeartbeat = (event: unknown): boolean =>
  isFields(event) && event.source === heartbeatPattern.source[0];
