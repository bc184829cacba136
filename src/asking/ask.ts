import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import { QuestionSupersededError } from '../case/errors.ts';
import { assembleReport } from '../case/report.ts';
import { runEntries } from '../functions/run-entries.ts';
import type { Table } from '../record/case-table/condition.ts';
import { noteQuestion } from '../record/case-table/question-item.ts';
import { notify } from '../steps/notify.ts';
import type { AskEvent } from './ask-event.ts';

/** How long people wait for the table before they are asked, in milliseconds. */
const patience = 3_000;

export type AskDeps = Deps<'sns'> & { readonly table: Table };

/**
 * Notes how the question is answered. A table that does not answer keeps nobody from being asked:
 * the host can be contained by hand, and what happens without an answer happens all the same.
 *
 * @returns whether the question can be answered by its case.
 * @throws QuestionSupersededError where the case was contained or has ended meanwhile.
 */
const note = async (
  { clock, log, table }: AskDeps,
  { case: theCase, token, again }: Extract<AskEvent, { kind: 'ask' }>,
  until: Date,
): Promise<boolean> => {
  if (table.tableName === '') return false;
  const noted = await giveUpAfter(clock, patience, () =>
    noteQuestion(table, theCase, { token, until, again }),
  ).catch((error: unknown) => {
    log.error('the case table did not take the question', { error: inWords(error) });
    return 'unknown' as const;
  });
  if (noted === 'superseded') {
    throw new QuestionSupersededError(
      `The case ${theCase.caseId} was contained or has ended meanwhile: nobody is asked any more.`,
    );
  }
  return noted === 'noted';
};

/**
 * Asks people whether an instance is cut off. The function ends with the message; the machine waits
 * for the answer.
 *
 * @throws QuestionSupersededError where there is nothing left to ask.
 * @throws NotificationRefusedError where nobody could be told; the machine then does at once what it
 *   does without an answer.
 */
export const ask = async (
  deps: AskDeps,
  event: Extract<AskEvent, { kind: 'ask' }>,
): Promise<object> => {
  const { case: theCase, question, run, again } = event;
  const now = deps.clock.now();
  const seconds = question.halfSeconds * (again ? 1 : 2);
  const until = new Date(now.getTime() + seconds * 1_000);
  const canBeAnswered = await note(deps, event, until);
  const waits = { until: until.toISOString(), otherwise: question.otherwise };
  const report = assembleReport({
    case: theCase,
    steps: runEntries(run, now),
    finished: true,
    now,
    ask: question.reason,
    question: { ...waits, ...(canBeAnswered ? {} : { unanswerable: true as const }) },
  });
  return notify(deps, report);
};
