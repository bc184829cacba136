import { oneLine } from '../case/one-line.ts';
import { beginningOf } from '../case/report-size.ts';
import { protocolName } from '../evidence/flow-logs/peer-words.ts';
import type { FlowQueryName } from '../evidence/flow-logs/queries.ts';

/** An answer, each row by the names of its columns. */
export interface FlowAnswer {
  readonly caseId: string;
  readonly query: FlowQueryName;
  readonly what: string;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

type Row = Readonly<Record<string, string>>;

interface Column {
  readonly title: string;
  /** The most characters that it takes; in sum with the gaps no line is longer than 80. */
  readonly width: number;
  readonly text: (row: Row) => string;
}

const protocolOf = ({ protocol = '' }: Row): string =>
  /^\d+$/.test(protocol) ? protocolName(Number(protocol)) : protocol;

const timeOf = (seconds: string | undefined): string => {
  const date = new Date(Number(seconds) * 1_000);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(11, 19);
};

const column = (title: string, width: number, name: string): Column => ({
  title,
  width,
  text: (row) => row[name] ?? '',
});

const peer = column('PEER', 39, 'peer');
const direction: Column = {
  title: 'WAY',
  width: 3,
  text: ({ direction: way }) => (way === 'egress' ? 'out' : way === 'ingress' ? 'in' : (way ?? '')),
};
const service: Column = {
  title: 'SERVICE',
  width: 9,
  text: (row) => `${protocolOf(row)} ${row.port ?? ''}`,
};
const lastSeen: Column = {
  title: 'LAST UTC',
  width: 8,
  text: ({ last_seen: seconds }) => timeOf(seconds),
};

const columns: Readonly<Record<FlowQueryName, readonly Column[]>> = {
  talkers: [
    peer,
    service,
    direction,
    column('ACTION', 6, 'action'),
    column('BYTES', 10, 'total_bytes'),
    lastSeen,
  ],
  denied: [
    peer,
    service,
    direction,
    column('REASON', 7, 'reject_reason'),
    column('PACKETS', 9, 'total_packets'),
    lastSeen,
  ],
  'after-cut': [
    peer,
    {
      title: 'HOST > PEER',
      width: 16,
      text: (row) => `${protocolOf(row)} ${row.own_port ?? ''}>${row.peer_port ?? ''}`,
    },
    direction,
    column('BYTES', 10, 'total_bytes'),
    lastSeen,
  ],
};

/** The queries answer with no more. */
const most = 200;

/** A table for a terminal of 80 columns; what others have chosen stays on its line. */
export const flowsText = ({ caseId, query, what, rows }: FlowAnswer): string => {
  const shown = columns[query];
  const cells = rows.map((row) =>
    shown.map(({ width, text }) => beginningOf(oneLine(text(row)), width)),
  );
  const widths = shown.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  const lineOf = (line: readonly string[]): string =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(' ')
      .trimEnd();
  const count = rows.length >= most ? `the first ${most}` : String(rows.length);
  return [
    `${query}: ${count} of ${oneLine(caseId)}`,
    what,
    ...(rows.length === 0
      ? []
      : ['', lineOf(shown.map(({ title }) => title)), ...cells.map(lineOf)]),
  ].join('\n');
};
