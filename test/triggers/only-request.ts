import type { ContainmentRequest } from '../../src/triggers/containment-request.ts';
import { parseEvent } from '../../src/triggers/parse-event.ts';

/** The one request of an event that holds one finding. */
export const onlyRequest = (event: unknown, now: Date): ContainmentRequest => {
  const [request, ...others] = parseEvent(event, now);
  if (request === undefined || others.length > 0) {
    throw new Error(`The event holds ${others.length + (request ? 1 : 0)} findings.`);
  }
  return request;
};
