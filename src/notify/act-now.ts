import { cordonCommand } from '../case/cordon-command.ts';
import type { DescribeDetail } from '../case/details.ts';
import type { Stoppable } from '../case/last-resort.ts';
import { lastResort, lostByStopping, stopCommands } from '../case/last-resort.ts';
import type { CaseReport } from '../case/report.ts';

/** True where nothing is left to isolate. */
export const wasTerminated = ({ steps }: CaseReport): boolean =>
  steps.some(({ error }) => error?.code === 'InstanceTerminatedError');

/** True where a person has to cut: nothing was isolated, and it was no rehearsal. */
export const isOpenNow = (report: CaseReport): boolean =>
  report.dryRun !== true &&
  !wasTerminated(report) &&
  report.isolatedAt === undefined &&
  (report.status === 'failed' || report.status === 'asked' || report.status === 'running');

const indented = (commands: readonly string[]): string[] => commands.map((line) => `  ${line}`);

/** What is known of the instance; where it could not be described, its id and Region. */
const instanceOf = ({ instanceId, region, steps }: CaseReport): Stoppable => {
  const described = steps.find(({ step }) => step === 'describe')?.detail;
  const instance = (described as Partial<DescribeDetail> | undefined)?.before?.instance;
  return { ...instance, id: instanceId, region };
};

const stopLines = (instance: Stoppable): string[] => {
  const commands = stopCommands(instance);
  return commands.length === 0
    ? [`Refused again? Beware: ${lastResort(instance)}.`]
    : [`Refused again? Stop it; ${lostByStopping(instance)}:`, ...indented(commands)];
};

/**
 * What to paste where Cordon could not cut. Only commands that close or look: those of the undo would
 * open the host further, and stand in no such message.
 */
export const actNowLines = (report: CaseReport): string[] => {
  if (!isOpenNow(report) || report.isolate === undefined || report.isolate === '') return [];
  return [
    'Isolate it:',
    ...indented(report.isolate.split('\n')),
    'Check (must say ISOLATED):',
    ...indented([cordonCommand('verify', report)]),
    ...stopLines(instanceOf(report)),
    'Do not undo anything yet.',
  ];
};
