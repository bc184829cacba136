import type { Standing } from './standing.ts';
import type { StatusRow } from './status-row.ts';
import { rowOf } from './status-row.ts';

const columns = [
  'case',
  'instance',
  'region',
  'name',
  'state',
  'status',
  'since',
  'hold',
  'of',
  'by',
  'owner',
  'takenAt',
  'reviewAt',
  'overdueSince',
  'next',
  'error',
] as const;

/**
 * A cell of RFC 4180. A spreadsheet takes a cell that begins with one of these signs for a formula,
 * and names and reasons are words of others
 * (https://owasp.org/www-community/attacks/CSV_Injection), so it gets an apostrophe in front.
 */
const cell = (value: string): string => {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const cellsOf = (row: StatusRow): readonly string[] => [
  ...[row.caseId, row.instanceId, row.region, row.name ?? '', row.state, row.status, row.since],
  ...[String(row.holds?.hold ?? ''), String(row.holds?.of ?? ''), row.by, row.owner ?? ''],
  ...[row.takenAt ?? '', row.reviewAt ?? '', row.overdueSince ?? '', row.next, row.error ?? ''],
];

/** The cases as comma-separated values, the names of the columns first. */
export const statusCsv = (cases: readonly Standing[]): string =>
  [columns, ...cases.map((one) => cellsOf(rowOf(one)))]
    .map((row) => row.map(cell).join(','))
    .join('\r\n');
