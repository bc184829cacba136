import type { FlowRecord } from './record.ts';

/** A time of which the records speak, in whole seconds since 1970. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/**
 * The longest window that one record speaks of, in seconds. Two records that are no further apart have no
 * window between them of which there is none
 * (https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-aggregration-interval).
 */
const window = 60;

const joined = (intervals: readonly Interval[]): readonly Interval[] => {
  const found: Interval[] = [];
  for (const one of intervals.toSorted((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last === undefined || one.start - last.end > window) found.push(one);
    else found[found.length - 1] = { start: last.start, end: Math.max(last.end, one.end) };
  }
  return found;
};

/** What is left of an interval beside one of which nothing is known. */
const without = (interval: Interval, gap: Interval): readonly Interval[] =>
  gap.end < interval.start || gap.start > interval.end
    ? [interval]
    : [
        { start: interval.start, end: Math.min(interval.end, gap.start) },
        { start: Math.max(interval.start, gap.end), end: interval.end },
      ].filter(({ start, end }) => end > start);

/** The times of which these records say what went through; where AWS skipped records, nothing is known. */
export const coveredBy = (records: readonly FlowRecord[]): readonly Interval[] => {
  const known = records.filter(({ status }) => status !== 'SKIPDATA');
  const skipped = records.filter(({ status }) => status === 'SKIPDATA');
  return skipped.reduce<readonly Interval[]>(
    (intervals, gap) => intervals.flatMap((one) => without(one, gap)),
    joined(known),
  );
};

/** In whole seconds. */
export const lengthOf = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, { start, end }) => sum + end - start, 0);
