import type { CloudTrailClient, LookupAttribute } from '@aws-sdk/client-cloudtrail';
import type { Clock } from './aws/clock.ts';
import { lookupEvents } from './aws/lookup-events.ts';
import { caseBegan } from './case/case.ts';
import type { JournalEntry } from './record/journal/entry.ts';
import type { CloudEvent } from './retelling/cloud-event.ts';
import type { MatchedCalls } from './retelling/match-calls.ts';
import { ageOf, matchable, matchCalls } from './retelling/match-calls.ts';

/** The calls of a case, and what belongs to it. */
export interface CaseCalls {
  readonly caseId: string;
  readonly entries: readonly JournalEntry[];
  /** The instance, its interfaces, volumes and snapshots. */
  readonly resources: readonly string[];
  /** When the case ended, ISO 8601; absent while it is open. */
  readonly ended?: string;
}

/** The most calls that are looked up one by one: each takes half a second. */
const mostAlone = 100;

/** The event history has 90 days, in milliseconds: an earlier time is out of its range. */
const history = 90 * 86_400_000;

/** An event has the time of its second; clocks differ a little, in milliseconds. */
const around = 60_000;

interface Lookups {
  readonly events: Map<string, CloudEvent>;
  lookup(
    key: LookupAttribute['AttributeKey'],
    value: string,
    from: number,
    to: number,
  ): Promise<readonly CloudEvent[]>;
}

/** The name of a call, and from when to when it was made, in milliseconds. */
interface Span {
  readonly name: string;
  readonly at: number;
  readonly until: number;
}

/** CloudTrail dates an event by the end of its call, which comes late where it had to be repeated. */
const spanOf = ({ call = '', at, until = at }: JournalEntry): Span => ({
  name: call.split(':')[1] ?? '',
  at: Date.parse(at),
  until: Date.parse(until),
});

/** Looks up the calls that the resources did not show, by their names; answers with those left out. */
const lookUpAlone = async (
  { events, lookup }: Lookups,
  entries: readonly JournalEntry[],
  now: Date,
): Promise<ReadonlySet<JournalEntry>> => {
  // Others call the same elsewhere: of such events only what the case has called is its own.
  const own = new Set(entries.map(({ requestId }) => requestId));
  const seen = () => new Set([...events.values()].map(({ requestId }) => requestId));
  const unasked = new Set<JournalEntry>();
  const asked: Span[] = [];
  let left = mostAlone;
  for (const entry of matchable(entries)) {
    // A young call may be there already: an event takes 5 minutes on average.
    if (ageOf(entry, now) === 'too old' || seen().has(entry.requestId ?? '')) continue;
    const { name, at, until } = spanOf(entry);
    if (asked.some((one) => one.name === name && one.at <= at && until <= one.until)) continue;
    if (left === 0) {
      unasked.add(entry);
      continue;
    }
    left -= 1;
    asked.push({ name, at: at - around, until: until + around });
    for (const event of await lookup('EventName', name, at - around, until + around)) {
      if (own.has(event.requestId)) events.set(`${event.requestId} ${event.name}`, event);
    }
  }
  return unasked;
};

/**
 * Matches the calls of a case with CloudTrail: by the resources of the case, which shows what others did,
 * and by the names of the calls that those did not show.
 *
 * @throws what CloudTrail answers where it cannot be asked.
 */
export const matchCaseCalls = async (
  { cloudTrail, clock }: { readonly cloudTrail: CloudTrailClient; readonly clock: Clock },
  { caseId, entries, resources, ended }: CaseCalls,
): Promise<MatchedCalls> => {
  const now = clock.now();
  const oldest = now.getTime() - history;
  const events = new Map<string, CloudEvent>();
  const lookup: Lookups['lookup'] = (AttributeKey, AttributeValue, from, to) =>
    lookupEvents(
      cloudTrail,
      clock,
      { AttributeKey, AttributeValue },
      {
        from: new Date(Math.max(from, oldest)),
        to: new Date(to),
      },
    );
  const from = caseBegan(caseId)?.getTime() ?? oldest;
  const to = ended === undefined ? now.getTime() : Date.parse(ended) + around;
  for (const resource of to > oldest ? resources : []) {
    for (const event of await lookup('ResourceName', resource, from, to)) {
      events.set(`${event.requestId} ${event.name}`, event);
    }
  }
  const unasked = await lookUpAlone({ events, lookup }, entries, now);
  return matchCalls(entries, [...events.values()], { caseId, now, unasked });
};
