import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import type { Case } from '../case/case.ts';
import { defined } from '../case/defined.ts';
import { QuestionSupersededError } from '../case/errors.ts';
import type { EndedQuestion } from '../case/question.ts';
import { assembleReport } from '../case/report.ts';
import { runEntries } from '../functions/run-entries.ts';
import { noteRefusal } from '../record/case-table/question-item.ts';
import { notify } from '../steps/notify.ts';
import type { AskDeps } from './ask.ts';
import type { AskEvent } from './ask-event.ts';

const patience = 3_000;

/**
 * Notes a refusal. A table that does not answer keeps nobody from being told.
 *
 * @throws QuestionSupersededError where the case was cut or has ended meanwhile: it is too late to refuse.
 */
const refuse = async ({ clock, log, table }: AskDeps, theCase: Case, by: string): Promise<void> => {
  if (table.tableName === '') return;
  const noted = await giveUpAfter(clock, patience, () =>
    noteRefusal(table, theCase, by, clock.now()),
  ).catch((error: unknown) => {
    log.error('the case table did not take the refusal', { error: inWords(error) });
    return true;
  });
  if (noted) return;
  throw new QuestionSupersededError(
    `The case ${theCase.caseId} was contained or has ended before it was refused.`,
  );
};

/**
 * Ends a question that leaves the instance open: a person refused, or nobody answered and the settings
 * say so. People are told of both.
 *
 * @throws QuestionSupersededError where it is too late to refuse.
 * @returns the case with the end of its question, for the trail.
 * @throws NotificationRefusedError where nobody could be told.
 */
export const leaveOpen = async (
  deps: AskDeps,
  { case: theCase, question, run, answer }: Extract<AskEvent, { kind: 'leave-open' }>,
): Promise<{ readonly case: Case }> => {
  const now = deps.clock.now();
  const { by, reason } = answer;
  const refused = answer.answer === 'refuse';
  const ended: EndedQuestion = {
    answer: refused ? 'refused' : 'unanswered',
    at: now.toISOString(),
    ...defined({ by, reason }),
  };
  if (refused) await refuse(deps, theCase, by ?? 'unknown');
  const withEnd: Case = { ...theCase, question: ended };
  const report = assembleReport({
    case: withEnd,
    steps: runEntries(run, now),
    finished: true,
    now,
    ...(refused
      ? {}
      : { ask: `Nobody answered, and AskDefault says leave-open. ${question.reason}` }),
  });
  await notify(deps, report);
  return { case: withEnd };
};
