import type { Arrival } from '../case/arrival.ts';
import { isSampleEvent } from '../triggers/guardduty/sample-event.ts';
import { isHeartbeat } from '../triggers/heartbeat.ts';

/** Which way an event has shown to be open; undefined for everything else. */
export const arrivalOf = (event: unknown): Arrival | undefined => {
  if (isHeartbeat(event)) return 'heartbeat';
  return isSampleEvent(event) ? 'sample' : undefined;
};
