import { oneLine } from '../case/one-line.ts';
import { partitionOf } from '../case/partition.ts';
import type { RecordMark } from '../case/record-mark.ts';
import type { CaseReport } from '../case/report.ts';
import { consoles } from './console-links.ts';

/** So many digits of the head are compared by eye; the whole head is in the tag `cordon:record`. */
const shownDigits = 16;

/** Longer links are broken by the programs that show them. */
const longestLink = 1_000;

/** `Record 9f3c1a20b77e4d01`: what a later reader compares the record of the case with. */
export const recordLine = ({ record }: Pick<CaseReport, 'record'>): string | undefined =>
  record !== undefined && /^[0-9a-f]{64}$/.test(record.head)
    ? `Record ${record.head.slice(0, shownDigits)}`
    : undefined;

/**
 * The stored page of the case, where the link leads to AWS's console and nowhere else: people follow
 * what stands in a message of an incident.
 */
export const pageLink = ({
  page,
  region,
}: Pick<CaseReport, 'page' | 'region'>): string | undefined => {
  const partition = partitionOf(region);
  if (page === undefined || partition === undefined || page.length > longestLink) return undefined;
  const [, host = ''] = /^https:\/\/([a-z0-9.-]+)\/[\x21-\x7e]*$/.exec(page) ?? [];
  const domain = consoles[partition];
  const isConsole = host === domain || host.endsWith(`.${domain}`);
  return isConsole && !/[<>|"'`]/.test(page) ? page : undefined;
};

/** The line of the record, where there is one. */
export const markLines = (said: { readonly record?: RecordMark }): string[] => {
  const line = recordLine(said);
  const since = said.record?.blockedSince;
  return [
    ...(line === undefined ? [] : [line]),
    ...(since === undefined
      ? []
      : [
          `THE RECORD HAS NOT GONE ON since ${oneLine(since)}: somebody has put something in its way (cordon trail says what).`,
        ]),
  ];
};

/** Where the record of the case is, how to know it again, and why it is not there where it is not. */
export const recordLines = (report: CaseReport): string[] => {
  const { recordMissing } = report;
  const page = pageLink(report);
  return [
    ...markLines(report),
    ...(recordMissing === undefined ? [] : [oneLine(recordMissing)]),
    ...(page === undefined ? [] : [`Report: ${page}`]),
  ];
};
