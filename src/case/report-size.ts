import type { CaseReport } from './report.ts';

/**
 * A report is at most this many bytes of JSON: SNS carries it once per protocol in one message
 * of at most 262,144 bytes.
 */
export const maximumReportBytes = 40_000;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value), 'utf8');

/** Shortens every list below, and says beside it how long it was: `targets`, `targetsCount`. */
const capLists = (value: unknown, items: number, characters: number): unknown => {
  if (typeof value === 'string') {
    return value.length > characters ? `${value.slice(0, characters - 1)}…` : value;
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

/** The texts of a report are shortened late: an undo that ends in the middle undoes nothing. */
const stages = [
  { items: 50, characters: 20_000 },
  { items: 20, characters: 10_000 },
  { items: 8, characters: 4_000 },
  { items: 3, characters: 1_000 },
] as const;

const cutUndo = (caseId: string): string =>
  `Too long for this report: the tags cordon:before:* and cordon:original-groups, and the log of case ${caseId}, say what to restore.`;

/** The report with its lists shortened until it fits, marked `truncated` if any was. */
export const fitReport = (report: CaseReport, limit = maximumReportBytes): CaseReport => {
  if (bytesOf(report) <= limit) return report;
  for (const { items, characters } of stages) {
    const fitted: CaseReport = {
      ...report,
      steps: report.steps.map(
        (entry) => capLists(entry, items, characters) as CaseReport['steps'][number],
      ),
      proof: report.proof.map(
        (control) => capLists(control, items, characters) as CaseReport['proof'][number],
      ),
      residualRisks: report.residualRisks
        .slice(0, 40)
        .map((risk) => capLists(risk, items, characters) as CaseReport['residualRisks'][number]),
      reason: String(capLists(report.reason, items, Math.min(characters, 2_000))),
      undo: report.undo.length > characters ? cutUndo(report.caseId) : report.undo,
      truncated: true,
    };
    if (bytesOf(fitted) <= limit) return fitted;
  }
  return {
    ...report,
    steps: report.steps.map((entry) => ({
      ...(capLists(entry, 3, 500) as CaseReport['steps'][number]),
      detail: {},
    })),
    reason: report.reason.slice(0, 1_000),
    proof: report.proof.map((one) => ({ ...one, observed: one.observed.slice(0, 500) })),
    residualRisks: report.residualRisks.slice(0, 10),
    undo: cutUndo(report.caseId),
    truncated: true,
  };
};
