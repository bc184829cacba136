import { styleText } from 'node:util';
import type { Holds } from '../../src/case/control.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { EvidenceReading } from '../../src/evidence/read-evidence.ts';
import { evidenceText } from '../../src/notify/evidence-text.ts';
import type { ReleaseResult } from '../../src/release/release-result.ts';
import { releaseText } from '../../src/release/release-text.ts';
import type { Published } from '../follow/published.ts';

export interface DrillResult {
  readonly report: CaseReport;
  readonly messages: readonly Published[];
  readonly trail: readonly { resource: string; key: string; value: string }[];
  readonly apiCalls: { readonly total: number; readonly toIsolated: number };
  /** Absent where there was nothing to give back. */
  readonly released: ReleaseResult | undefined;
  /** Absent where the drill was not asked for it. */
  readonly evidence: EvidenceReading | undefined;
  /** Where the page of the case is; absent where none was written. */
  readonly page: string | undefined;
}

const title = (text: string): string => styleText('bold', `\n${text}`);

const marks = {
  done: ['green', '✔'],
  already: ['green', '✔'],
  failed: ['red', '✖'],
} as const;

const mark = (outcome: string): string => {
  const [colour, sign] = marks[outcome as keyof typeof marks] ?? (['yellow', '–'] as const);
  return styleText(colour, sign);
};

const holds = (value: Holds): string => {
  if (value === true) return styleText('green', 'holds');
  if (value === 'not-applicable') return styleText('gray', 'not applicable');
  return styleText('red', value === false ? 'DOES NOT HOLD' : 'UNKNOWN');
};

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  │ ${line}`)
    .join('\n');

/** The drill for a reader: done, proof, messages, trail, release, figures. */
export const summaryOf = ({
  report,
  messages,
  trail,
  apiCalls,
  released,
  evidence,
  page,
}: DrillResult): string =>
  [
    title('What was done'),
    ...report.steps.map(
      (entry) =>
        `  ${mark(entry.outcome)} ${entry.step.padEnd(27)}${entry.outcome}${entry.error === undefined ? '' : `: ${entry.error.message}`}`,
    ),
    title('The proof, read back from AWS'),
    ...report.proof.map(
      (control) => `  ${holds(control.holds)}  ${control.control}: ${control.observed}`,
    ),
    title('What remains'),
    ...report.residualRisks.map(({ risk, explanation }) => `  ${risk}: ${explanation}`),
    title('The messages'),
    ...messages.flatMap(({ subject, text }) => [
      `  ${styleText('bold', subject)}`,
      indent(text),
      '',
    ]),
    ...(evidence === undefined
      ? []
      : [title('The evidence'), indent(evidenceText(report.caseId, evidence))]),
    title('The trail, as an auditor finds it'),
    ...trail.map(({ resource, key, value }) => `  ${resource}  ${key} = ${value}`),
    ...(released === undefined
      ? []
      : [title('The release, read back from AWS'), indent(releaseText(released))]),
    title('The figures'),
    `  ${report.status.toUpperCase()}: ${report.reason}`,
    `  isolated ${report.secondsToIsolate?.toFixed(1) ?? '?'} s after the first AWS call`,
    `  ${apiCalls.toIsolated} AWS calls until every interface was isolated, ${apiCalls.total} in all`,
    ...(page === undefined ? [] : [title('The story of the case, as one page'), `  ${page}`]),
    '',
  ].join('\n');
