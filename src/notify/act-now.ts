import type { CaseReport } from '../case/report.ts';
import { stopCommands } from '../case/stop-commands.ts';

/** True where a person has to cut: nothing was isolated, and it was no rehearsal. */
export const isOpenNow = (report: CaseReport): boolean =>
  report.dryRun !== true &&
  report.isolatedAt === undefined &&
  (report.status === 'failed' || report.status === 'asked' || report.status === 'running');

const indented = (commands: readonly string[]): string[] => commands.map((line) => `  ${line}`);

/**
 * What to paste where Cordon could not cut. Only commands that close or look: those of the undo would
 * open the host further, and stand in no such message.
 */
export const actNowLines = (report: CaseReport): string[] => {
  if (!isOpenNow(report) || report.isolate === undefined || report.isolate === '') return [];
  const { instanceId, region, isolate } = report;
  return [
    'Isolate it:',
    ...indented(isolate.split('\n')),
    'Check (must say ISOLATED):',
    `  cordon verify ${instanceId} --region ${region}`,
    'Refused again? Stop it; its memory and its instance store are lost:',
    ...indented(stopCommands(region, instanceId)),
    'Do not undo anything yet.',
  ];
};
