import type { CaseReport } from '../case/report.ts';
import { proofLines, riskLines } from './text.ts';

/** What `cordon verify` shows a person: each control, what remains, and what follows from it. */
export const proofTextOf = (report: CaseReport): string => {
  const open = report.proof.filter(({ required, holds }) => required && holds !== true);
  const verdict =
    report.proof.length === 0
      ? 'nothing could be read'
      : open.length === 0
        ? 'every required control holds'
        : `${open.length} required controls do not hold: ${open.map(({ control }) => control).join(', ')}`;
  return [
    `VERIFIED ${report.instanceId} at ${report.finishedAt ?? ''}: ${verdict}`,
    `case ${report.caseId}, account ${report.accountId}, Region ${report.region}; connections that were open: ${report.cut}`,
    '',
    'PROOF, READ BACK FROM AWS',
    ...proofLines(report.proof).map((line) => `  ${line}`),
    ...(report.residualRisks.length === 0
      ? []
      : ['', 'WHAT REMAINS', ...riskLines(report.residualRisks).map((line) => `  ${line}`)]),
  ].join('\n');
};
