import { onlyReads } from '../case/called-action.ts';
import { oneLine } from '../case/one-line.ts';
import { quoted } from '../case/quoted.ts';
import type { JournalEntry } from '../record/journal/entry.ts';
import type { CloudEvent } from './cloud-event.ts';
import { earlierAttempts } from './earlier-attempts.ts';

/** What CloudTrail says of the calls of a case, one sentence each. */
export interface MatchedCalls {
  /** Calls on record that CloudTrail does not have. */
  readonly missing: readonly string[];
  /** What cannot be told: calls that are too young or too old, events that claim to be of the case. */
  readonly doubts: readonly string[];
  /** Calls of others on what belongs to the case, with who, from where and when. */
  readonly others: readonly string[];
}

/**
 * Services that log their changes as management events in the Region of the case. IAM logs in one Region of
 * its partition; publishing, storing and signing are data events or have no resource
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-events.html).
 */
const logged = /^(?:ec2|autoscaling|elasticloadbalancing|ssm):/;

/**
 * An event takes 5 minutes on average and seldom more than 15, in milliseconds
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html).
 */
const late = 15 * 60_000;

/** The event history has 90 days, in milliseconds. */
const kept = 90 * 86_400_000;

/** The calls of a record that CloudTrail should know by their request ids. */
export const matchable = (entries: readonly JournalEntry[]): readonly JournalEntry[] =>
  entries.filter(
    ({ kind, call = '', requestId }) =>
      kind === 'call' && requestId !== undefined && logged.test(call) && !onlyReads(call),
  );

/** Whether CloudTrail can be expected to have a call of this time now. */
export const ageOf = ({ at }: JournalEntry, now: Date): 'not yet' | 'kept' | 'too old' => {
  const age = now.getTime() - Date.parse(at);
  if (age < late) return 'not yet';
  return age > kept ? 'too old' : 'kept';
};

const counted = (entries: readonly JournalEntry[], words: string): readonly string[] =>
  entries.length === 0
    ? []
    : [`CloudTrail: ${entries.length} ${entries.length === 1 ? 'call is' : 'calls are'} ${words}`];

const told = ({ at, name, who, from, errorCode }: CloudEvent): string => {
  const refused = errorCode === undefined ? '' : `, refused (${oneLine(errorCode)})`;
  return `${at} ${oneLine(name)} by ${quoted(who, 160)} from ${quoted(from, 60)}${refused}`;
};

/** What was asked of CloudTrail. */
export interface Asked {
  readonly caseId: string;
  readonly now: Date;
  /** The entries that were not looked up. */
  readonly unasked?: ReadonlySet<JournalEntry>;
}

/** Matches the calls of a record with the events of CloudTrail, both ways, by their request ids. */
export const matchCalls = (
  entries: readonly JournalEntry[],
  events: readonly CloudEvent[],
  { caseId, now, unasked = new Set() }: Asked,
): MatchedCalls => {
  const found = new Set(events.map(({ requestId }) => requestId));
  const lacking = matchable(entries).filter(({ requestId = '' }) => !found.has(requestId));
  const aged = Map.groupBy(lacking, (one) => (unasked.has(one) ? 'unasked' : ageOf(one, now)));
  const known = new Set(entries.map(({ requestId }) => requestId));
  const claims = (event: CloudEvent) => event.userAgent.includes(`cordon-${caseId}`);
  const attempts = earlierAttempts(entries, events, claims);
  const unknown = events
    .filter((one) => !known.has(one.requestId) && !attempts.has(one))
    // CloudTrail has the newest first.
    .toReversed()
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return {
    missing: (aged.get('kept') ?? []).map(
      ({ at, call, requestId }) =>
        `${at} ${call} (request ${requestId}): the record has it, CloudTrail does not`,
    ),
    doubts: [
      ...counted(aged.get('not yet') ?? [], 'younger than 15 minutes: not there yet'),
      ...counted(aged.get('too old') ?? [], 'older than 90 days: no longer there'),
      ...counted(aged.get('unasked') ?? [], 'too many to be looked up one by one'),
      ...unknown
        .filter(claims)
        .map((one) => `${told(one)}: it names the case, and the record does not have it`),
    ],
    others: unknown.filter((one) => !claims(one)).map((one) => `not Cordon's: ${told(one)}`),
  };
};
