import { quoted } from '../case/quoted.ts';
import { duration } from '../notify/duration.ts';
import type { RegionStatus, Standing } from './standing.ts';
import type { StatusRow } from './status-row.ts';
import { rowOf } from './status-row.ts';

const sources = ['guardduty', 'cloudwatch-alarm', 'security-hub', 'manual', 'unknown'];

/** The longest of somebody else's words that a column shows, in characters. */
const longestWords = 20;

const elapsed = (from: string, now: Date): string => {
  const seconds = (now.getTime() - Date.parse(from)) / 1_000;
  return Number.isNaN(seconds) ? '-' : duration(Math.max(0, seconds));
};

const ownerOf = ({ open, owner, overdueSince }: StatusRow, now: Date): string => {
  if (!open) return '-';
  const who = owner === undefined ? 'nobody' : quoted(owner, longestWords);
  return overdueSince === undefined ? who : `${who}, OVERDUE ${elapsed(overdueSince, now)}`;
};

const header = ['CASE', 'NAME', 'STATE', 'SINCE', 'HOLDS', 'BY', 'OWNER', 'NEXT'] as const;

const cellsOf = (row: StatusRow, now: Date): readonly string[] => [
  row.caseId,
  row.name === undefined ? '-' : quoted(row.name, longestWords),
  row.state,
  elapsed(row.since, now),
  row.holds === undefined ? '-' : `${row.holds.hold}/${row.holds.of}`,
  sources.includes(row.by) ? row.by : quoted(row.by, longestWords),
  ownerOf(row, now),
  row.next,
];

/** Columns as wide as their widest cell; the last one is not padded. */
const inColumns = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = header.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  '),
  );
};

const isIsolated = ({ report }: Standing): boolean => report?.verdict === 'ISOLATED';

const placesOf = (regions: readonly RegionStatus[]): string =>
  regions.length > 3 ? `${regions.length} Regions` : regions.map(({ region }) => region).join(', ');

/** The first and the last line: how many cases are open, and whether each is isolated. */
export const statusVerdict = (regions: readonly RegionStatus[]): string => {
  const open = regions.flatMap(({ cases }) => cases).filter((one) => one.isOpen);
  const where = placesOf(regions);
  const isUnread = regions.some(({ unread }) => unread !== undefined);
  if (open.length === 0) {
    return isUnread
      ? `NOT KNOWN whether a case is open in ${where}.`
      : `No case is open in ${where}.`;
  }
  const not = open.filter((one) => !isIsolated(one)).length;
  const overdue = open.filter((one) => one.overdueSince !== undefined).length;
  const count = `${open.length} OPEN ${open.length === 1 ? 'CASE' : 'CASES'} in ${where}`;
  const isolated = not === 0 ? 'all isolated' : `${not} NOT ISOLATED, or not known to be`;
  return `${count}: ${isolated}${overdue === 0 ? '' : `; ${overdue} overdue`}.`;
};

/** What has to be known beside the lines: where tags are all there is, and what was not read. */
export const statusRemarks = (regions: readonly RegionStatus[]): readonly string[] => [
  ...regions.flatMap(({ unread }) => unread ?? []),
  ...[...new Set(regions.flatMap(({ remark }) => remark ?? []))].map((remark) => {
    const where = regions.filter((one) => one.remark === remark).map(({ region }) => region);
    return `In ${where.join(', ')} ${remark}`;
  }),
  ...regions.flatMap(({ cases }) =>
    cases.flatMap(({ instanceId, unread }) =>
      unread === undefined ? [] : [`${instanceId} could not be read back: ${unread}`],
    ),
  ),
];

/** What `cordon status` shows a person: the verdict, a line for each case, the verdict. */
export const statusText = (regions: readonly RegionStatus[], now: Date): string => {
  const verdict = statusVerdict(regions);
  const rows = regions.flatMap(({ cases }) => cases).map(rowOf);
  if (rows.length === 0) return verdict;
  const lines = inColumns([header, ...rows.map((row) => cellsOf(row, now))]);
  return [verdict, '', ...lines, '', verdict].join('\n');
};
