import { defined } from '../../case/defined.ts';
import { oneLine } from '../../case/one-line.ts';
import { quoted } from '../../case/quoted.ts';
import type { CaseReport } from '../../case/report.ts';
import { timelineOfReport } from '../../case/report-timeline.ts';
import type { TimelineEvent, TimelineKind } from '../../case/timeline.ts';
import type { JournalEntry } from '../journal/entry.ts';
import type { RecordObject } from './record-object.ts';
import { entriesOf } from './record-object.ts';

/** A status that ends a case is a release in the story; any other is a status. */
const kindOf = ({ kind, after, outcome }: JournalEntry): TimelineKind =>
  kind === 'status' && /^(?:released|closed)$/.test(after ?? outcome ?? '') ? 'release' : kind;

/** What a change or a call was about, where its entry has no sentence. */
const subjectOf = ({ kind, step, call, resource, before, after }: JournalEntry): string => {
  const what = [call ?? step ?? kind, resource].filter((word) => word !== undefined).join(' ');
  const change = [before, after].filter((word) => word !== undefined).join(' → ');
  return oneLine(change === '' ? what : `${what}: ${change}`);
};

const eventOf = (entry: JournalEntry): TimelineEvent => {
  const { sentence, error } = entry;
  const what = sentence === undefined ? subjectOf(entry) : oneLine(sentence);
  return {
    kind: kindOf(entry),
    at: entry.at,
    what: error === undefined ? what : `${what} (${oneLine(error.code)}: ${quoted(error.message)})`,
    ...defined({
      until: entry.until,
      step: entry.step,
      by: entry.actor,
      outcome: entry.outcome,
      requestId: entry.requestId,
    }),
    sources: ['record'],
  };
};

/**
 * The entries of a record in the order of time. What two objects repeat is taken once, as it was appended
 * first: nothing that comes later can put other words in its place.
 */
export const entriesOfRecord = (objects: readonly RecordObject[]): readonly JournalEntry[] => {
  const all = objects.flatMap(entriesOf);
  const first = new Map(all.toReversed().map((entry) => [entry.id, entry]));
  return all
    .filter((entry) => first.get(entry.id) === entry)
    .toSorted((a, b) => a.at.localeCompare(b.at));
};

/** The number of the newest object that has a case report, with that report as it was read. */
export const newestReport = (
  objects: readonly RecordObject[],
): { readonly number: number; readonly report: object } | undefined => {
  const { number, report } = objects.findLast((one) => one.report !== undefined) ?? {};
  return number === undefined || report === undefined ? undefined : { number, report };
};

/**
 * The story of a case from the objects of its record, in the order of time. The report adds what no entry
 * has: when the finding was last seen, the moment of the cut, and the steps where no entry is about them.
 *
 * @param report the case report of the record, where it has one.
 */
export const timelineOfRecord = (
  objects: readonly RecordObject[],
  report?: CaseReport,
): readonly TimelineEvent[] => {
  const events = entriesOfRecord(objects).map(eventOf);
  const known = new Set(events.map(({ kind }) => kind));
  const added = report === undefined ? [] : timelineOfReport(report, 'record');
  // An entry says when a finding came, and the report when the thing that it found was last seen.
  const missing = added.filter(({ kind }) => kind === 'finding' || !known.has(kind));
  return [...events, ...missing].toSorted((a, b) => a.at.localeCompare(b.at));
};
