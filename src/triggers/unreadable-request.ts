import type { TriggerSource } from '../case/case.ts';
import type { ContainmentRequest } from './containment-request.ts';

/** One of several findings that could not be read: people are told, and the others go on. */
export const unreadableRequest = (
  source: TriggerSource,
  why: string,
  now: Date,
): ContainmentRequest => ({
  trigger: { source, id: 'unknown', type: 'unknown', severity: null, at: now.toISOString() },
  subject: { source, type: 'unknown', severity: null, sample: false, archived: false },
  instances: [],
  unread: { why, clues: [] },
  dryRun: false,
});
