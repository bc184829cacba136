import { controlOf } from '../case/control.ts';
import { cordonCommand } from '../case/cordon-command.ts';
import { oneLine } from '../case/one-line.ts';
import type { VerifiedCase } from '../case/verdict.ts';
import { proofLines } from './proof-lines.ts';
import { riskLines } from './risk-lines.ts';

const ofIsolated = ({ proof, cut }: VerifiedCase): string => {
  const open = proof.filter(({ required, holds }) => required && holds !== true);
  if (open.length > 0) {
    return `but ${open.length} required controls do not hold: ${open.map(({ control }) => control).join(', ')}`;
  }
  return cut === 'complete'
    ? 'every required control holds'
    : 'but connections that were open before may live on';
};

/** What the verdict means, and what follows from it. */
const meaning = (report: VerifiedCase): string => {
  switch (report.verdict) {
    case 'ISOLATED':
      return ofIsolated(report);
    case 'RELEASED':
      return `it is open; the trail says that its case ${report.knownCaseId} was released`;
    case 'NEVER CONTAINED':
      return 'it is open; no case of it is known, and none of its interfaces is in a group of Cordon';
    case 'TERMINATED':
      return 'nothing is left to isolate; its snapshots have the tag cordon:instance, kept volumes cordon:case';
    case 'NOT ISOLATED':
      return oneLine(
        controlOf(report.proof, 'eni-groups')?.observed ?? 'nothing could be read',
      ).slice(0, 300);
  }
};

/** The first and last line of what `cordon verify` shows: the verdict, the id, what it means. */
export const verdictLine = (report: VerifiedCase): string =>
  `${report.verdict} ${report.instanceId}: ${meaning(report)} (read ${report.finishedAt ?? ''})`;

const nextSteps = (report: VerifiedCase): string[] =>
  report.verdict === 'NOT ISOLATED' || report.verdict === 'NEVER CONTAINED'
    ? [`Contain it: ${cordonCommand('contain', report)}`]
    : [];

/** What `cordon verify` shows a person: the verdict, each control, what remains, the verdict. */
export const proofTextOf = (report: VerifiedCase): string => {
  const { knownCaseId, accountId, region, cut, proof, residualRisks } = report;
  const line = verdictLine(report);
  const isOpenCase = report.verdict === 'ISOLATED' || report.verdict === 'NOT ISOLATED';
  const place = `account ${accountId}, Region ${region}`;
  if (!isOpenCase) return [line, ...nextSteps(report), place].join('\n');
  return [
    line,
    ...nextSteps(report),
    `case ${knownCaseId ?? 'unknown'}, ${place}; connections that were open: ${cut}`,
    '',
    'PROOF, READ BACK FROM AWS',
    ...proofLines(proof).map((one) => `  ${one}`),
    ...(residualRisks.length === 0
      ? []
      : ['', 'WHAT REMAINS', ...riskLines(residualRisks).map((one) => `  ${one}`)]),
    '',
    line,
  ].join('\n');
};
