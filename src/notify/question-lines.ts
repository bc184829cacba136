import { cordonCommand } from '../case/cordon-command.ts';
import type { CaseReport } from '../case/report.ts';
import { dayAndMinute } from './clock-time.ts';

const afterwards = {
  contain: 'Without an answer it is contained then.',
  'leave-open': 'Without an answer it stays open.',
} as const;

/** What a person is to do about a question that waits, in one line; undefined where none does. */
export const questionStep = ({ question }: CaseReport): string | undefined =>
  question === undefined
    ? undefined
    : `Decide by ${dayAndMinute(question.until)}, with a command below. ${afterwards[question.otherwise]}`;

/**
 * The commands that answer, by the id of the case. A question that no table holds is answered by
 * containing the instance, and by nothing else.
 */
export const questionLines = (report: CaseReport): string[] => {
  const { caseId, region, question } = report;
  if (question === undefined) return [];
  const subject = { instanceId: caseId, region };
  return question.unanswerable === true
    ? ['Cut it off now:', `  ${cordonCommand('contain', report)}`]
    : [
        'Cut it off now:',
        `  ${cordonCommand('approve', subject)}`,
        'Leave it open, for an hour and for nothing more severe:',
        `  ${cordonCommand('refuse', subject, '--reason', 'why')}`,
      ];
};
