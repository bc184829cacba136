import type { JournalEntry } from '../record/journal/entry.ts';
import type { CloudEvent } from './cloud-event.ts';

/** An event has the time of its second, by a clock of AWS, in milliseconds. */
const clocksDiffer = 5_000;

/**
 * The SDK sends a call again that was throttled or not answered. CloudTrail has an event of each attempt, the
 * record the number of attempts and the request id of the last one.
 *
 * @param claims whether an event says that it is of the case, which anybody can write. It has to do where
 *   CloudTrail does not show who made the last attempt.
 * @returns the events that are earlier attempts of calls on record.
 */
export const earlierAttempts = (
  entries: readonly JournalEntry[],
  events: readonly CloudEvent[],
  claims: (event: CloudEvent) => boolean,
): ReadonlySet<CloudEvent> => {
  const byId = new Map(events.map((event) => [event.requestId, event]));
  const known = new Set(entries.map(({ requestId }) => requestId));
  const left = new Set(events.filter(({ requestId }) => !known.has(requestId)));
  const found = new Set<CloudEvent>();
  for (const { kind, call = '', at, until = at, attempts = 0, requestId } of entries) {
    const last = byId.get(requestId ?? '');
    const unnamed = requestId === undefined ? attempts : attempts - 1;
    // A change is told beside its calls, and has no request id at all.
    if (kind !== 'call' || unnamed < 1) continue;
    const from = Date.parse(at) - clocksDiffer;
    const to = Date.parse(until) + clocksDiffer;
    const isAttempt = (event: CloudEvent): boolean =>
      call.endsWith(`:${event.name}`) &&
      Date.parse(event.at) >= from &&
      Date.parse(event.at) <= to &&
      (last === undefined
        ? claims(event)
        : event.who === last.who && event.userAgent === last.userAgent);
    for (const event of [...left].filter(isAttempt).slice(0, unnamed)) {
      left.delete(event);
      found.add(event);
    }
  }
  return found;
};
