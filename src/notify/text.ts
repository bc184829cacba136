import type { PlanDetail } from '../case/details.ts';
import { oneLine } from '../case/one-line.ts';
import type { CaseReport } from '../case/report.ts';
import { actNowLines } from './act-now.ts';
import { instanceLink } from './console-links.ts';
import { exposureLines } from './exposure.ts';
import { collectsEvidence, foreseenLines } from './foreseen-lines.ts';
import { caseCommand, goOnLines } from './go-on-lines.ts';
import { nextStep } from './next-step.ts';
import { proofSummary } from './proof-lines.ts';
import { questionLines } from './question-lines.ts';
import { recordLines } from './record-lines.ts';
import { riskLines } from './risk-lines.ts';
import { cutFurtherLines, doneLine, nameOf, undoneLines } from './step-words.ts';
import { story } from './story.ts';
import { headline, kindOf } from './subject.ts';
import { verdictLine } from './verdict-line.ts';

const sections = (parts: readonly (readonly [string, readonly string[]])[]): string =>
  parts
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)].join('\n'))
    .join('\n\n');

/** The first three lines: what stands, what to do now, and where. */
const opening = (report: CaseReport): string[] => [
  verdictLine(report),
  nextStep(report),
  `${nameOf(report)}account ${report.accountId || 'unknown'}, ${oneLine(report.region)}, case ${oneLine(report.caseId)}`,
];

const closing = (report: CaseReport): string => `${headline(report)} ${report.instanceId}`;

const planned = (report: CaseReport): string[] =>
  report.steps.flatMap((entry) => {
    const { calls = [] } = entry.detail as Partial<PlanDetail>;
    return calls.map(
      ({ call, resource, before, after, permission, message }) =>
        `${permission}: ${call} ${oneLine(`${resource}: ${before} → ${after}`)}${message === undefined ? '' : ` (${oneLine(message)})`}`,
    );
  });

/** Where the rest is. The commands of the undo open the host, so they stand in the report alone. */
const more = (report: CaseReport): string[] => [
  ...(report.status === 'contained' || report.status === 'partial'
    ? [`Proof, timeline and every command: ${caseCommand('report', report)}`]
    : []),
  ...(report.status === 'refused'
    ? [`Take its protections off again: ${caseCommand('release', report)}`]
    : []),
  ...recordLines(report),
  instanceLink(report.region, report.instanceId),
  ...(report.truncated === true ? ['Lists were shortened; the log has them whole.'] : []),
];

const brief: ReadonlySet<CaseReport['status']> = new Set(['released', 'closed']);

/** What was told before is not told again: of evidence and of a release there is little to say. */
const shortTextOf = (report: CaseReport): string =>
  [
    ...opening(report),
    '',
    ...undoneLines(report),
    ...(kindOf(report) === 'evidence' && collectsEvidence(report)
      ? [`Its evidence: ${caseCommand('evidence', report)}`]
      : []),
    ...recordLines(report),
    instanceLink(report.region, report.instanceId),
    '',
    closing(report),
  ].join('\n');

/**
 * The message for people. The first three lines say what stands, what to do now, and where; then what
 * was done, what remains, what to paste. The last line is the verdict again, for whoever reads on a
 * terminal.
 */
export const textOf = (report: CaseReport): string => {
  if (kindOf(report) === 'evidence' || brief.has(report.status)) return shortTextOf(report);
  const { question, status } = report;
  const done = doneLine(report);
  const exposure = exposureLines(report);
  return [
    ...opening(report),
    ...(exposure.length === 0 ? [] : ['', ...exposure]),
    '',
    sections([
      // A question has its own two commands; more than these would only hide them.
      ['NOW', question === undefined ? actNowLines(report) : questionLines(report)],
      ['DONE', done === undefined ? [] : [done]],
      ['NOT DONE', undoneLines(report)],
      ['CUT FURTHER', cutFurtherLines(report)],
      [status === 'contained' ? 'IN THE MORNING' : 'NEXT', goOnLines(report)],
      ['WHAT WOULD BE DONE, AND WHETHER AWS WOULD ALLOW IT', planned(report)],
      ['WHAT EVIDENCE WOULD BE COLLECTED', foreseenLines(report)],
      ['PROOF, READ BACK FROM AWS', proofSummary(report)],
      ['WHAT REMAINS', riskLines(report.residualRisks)],
      ['WHAT HAPPENED', story(report)],
      ['MORE', more(report)],
    ]),
    '',
    closing(report),
  ].join('\n');
};
