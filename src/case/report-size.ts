import type { CaseReport } from './report.ts';
import { commandAndCount } from './undo/command-and-count.ts';

/**
 * A report is at most this many bytes of JSON: SNS carries it once per protocol in one message
 * of at most 262,144 bytes.
 */
export const maximumReportBytes = 40_000;

/** The beginning of a text, no character cut in half. */
export const beginningOf = (text: string, characters: number): string => {
  const whole = text.toWellFormed();
  if (whole.length <= characters) return whole;
  const end = characters - 1;
  const half = /[\ud800-\udbff]/.test(whole.charAt(end - 1));
  return `${whole.slice(0, half ? end - 1 : end)}…`;
};

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value), 'utf8');

/** Shortens every list below, and says beside it how long it was: `targets`, `targetsCount`. */
const capLists = (value: unknown, items: number, characters: number): unknown => {
  if (typeof value === 'string') {
    return beginningOf(value, characters);
  }
  if (Array.isArray(value)) {
    return value.slice(0, items).map((one) => capLists(one, items, characters));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => [
      [key, capLists(one, items, characters)],
      ...(Array.isArray(one) && one.length > items ? [[`${key}Count`, one.length]] : []),
    ]),
  );
};

/** The longest name of an instance that is shown, in characters; a tag holds 256. */
export const longestName = 128;

/** The texts of a report are shortened late: an undo that ends in the middle undoes nothing. */
const stages = [
  { items: 50, characters: 20_000 },
  { items: 20, characters: 10_000 },
  { items: 8, characters: 4_000 },
  { items: 3, characters: 1_000 },
] as const;

/** As many whole lines as fit: half a command does something else. */
const wholeLines = (text: string, characters: number): string => {
  if (text.length <= characters) return text;
  const kept = text.slice(0, characters).split('\n').slice(0, -1);
  return [...kept, '# The same for every other network interface of the instance.'].join('\n');
};

/** Everything in the report at most so long; `bare`: without what the steps handed on. */
const fitted = (
  report: CaseReport,
  {
    items,
    characters,
    risks,
    bare,
  }: { items: number; characters: number; risks: number; bare: boolean },
): CaseReport => {
  const cap = <Value>(value: Value): Value => capLists(value, items, characters) as Value;
  return {
    ...report,
    ...(report.name === undefined ? {} : { name: beginningOf(report.name, longestName) }),
    reason: beginningOf(report.reason, Math.min(characters, 2_000)),
    trigger: capLists(report.trigger, items, Math.min(characters, 1_000)) as CaseReport['trigger'],
    steps: report.steps.map((entry) => cap(bare ? { ...entry, detail: {} } : entry)),
    proof: report.proof.map(cap),
    residualRisks: report.residualRisks.slice(0, risks).map(cap),
    undo: report.undo.length > characters ? commandAndCount(report.undo) : report.undo,
    ...(report.isolate === undefined ? {} : { isolate: wholeLines(report.isolate, characters) }),
    truncated: true,
  };
};

const barest = [500, 200, 80, 40, 20, 10];

/** The report with its lists shortened until it fits, marked `truncated` if any was. */
export const fitReport = (report: CaseReport, limit = maximumReportBytes): CaseReport => {
  if (bytesOf(report) <= limit) return report;
  const tries = [
    ...stages.map((stage) => ({ ...stage, risks: 40, bare: false })),
    ...barest.map((characters) => ({ items: 3, characters, risks: 10, bare: true })),
  ];
  let last = report;
  for (const one of tries) {
    last = fitted(report, one);
    if (bytesOf(last) <= limit) break;
  }
  return last;
};
