import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { sendAnswer } from '../asking/send-answer.ts';
import { adoptCase } from '../aws/current-case.ts';
import { codeOf, inWords } from '../aws/errors.ts';
import type { Case } from '../case/case.ts';
import { exactCaseIdFor } from '../case/case.ts';
import type { Question } from '../case/question.ts';
import { questionOf } from '../case/question.ts';
import type { CaseItem } from '../record/case-table/case-item.ts';
import { askedStatus, executionNameOf, openingStatus } from '../record/case-table/case-item.ts';
import type { CaseTable } from '../record/case-table/case-table.ts';
import { askTable } from './ask-table.ts';
import type { IntakeDeps } from './intake-result.ts';
import { notAskedAgain } from './left-as-it-is.ts';
import { readRun } from './read-run.ts';

/** What a question is asked with. */
export interface Asking {
  readonly deps: IntakeDeps;
  readonly stateMachineArn: string;
  /** The machine that asks and waits. */
  readonly askStateMachineArn: string;
  readonly table: CaseTable | undefined;
}

/** What became of a question: it is asked, or there is a reason why it is not. */
export type Asked = { readonly kind: 'asked' } | { readonly kind: 'left'; readonly reason: string };

/** The name of a question that is not the first of its case: two of one minute are the same. */
const anotherName = (caseId: string, now: Date): string =>
  `${caseId}-a${Math.floor(now.getTime() / 60_000)}`;

const startQuestion = async (
  { deps, askStateMachineArn }: Asking,
  name: string,
  input: { readonly case: Case; readonly question: Question },
): Promise<Asked> => {
  try {
    await deps.clients.stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn: askStateMachineArn,
        name,
        input: JSON.stringify(input),
      }),
    );
  } catch (error) {
    // Another intake has asked the same in the same moment.
    if (codeOf(error) !== 'ExecutionAlreadyExists') throw error;
  }
  return { kind: 'asked' };
};

/** Ends a question about something less severe, in whose place another is asked. */
const endQuestion = async ({ deps }: Asking, { status, question }: CaseItem): Promise<void> => {
  if (status !== askedStatus || question === undefined) return;
  try {
    await sendAnswer(deps.clients.stepFunctions, question.token, {
      answer: 'superseded',
      by: 'a question about something more severe',
    });
  } catch (error) {
    deps.log.warn('the question before this one could not be ended', { error: inWords(error) });
  }
};

/**
 * Has a person asked before an instance is cut off, once: while a question waits, or a refusal stands,
 * a finding that would ask again is only noted. Without the table the name of the execution, which is
 * rounded to ten minutes, keeps two questions apart.
 *
 * @throws what Step Functions answers where nobody could be asked.
 */
export const askPerson = async (asking: Asking, theCase: Case, reason: string): Promise<Asked> => {
  const { deps, table } = asking;
  const question = questionOf(deps.settings, reason);
  const now = deps.clock.now();
  const exact = { ...theCase, caseId: exactCaseIdFor(theCase.instanceId, now) };
  const opened =
    table === undefined ? undefined : await askTable(asking, () => table.open(exact, now));
  if (opened === undefined) {
    return startQuestion(asking, theCase.caseId, { case: theCase, question });
  }
  adoptCase(opened === 'opened' ? exact.caseId : opened.caseId);
  if (opened === 'opened') return startQuestion(asking, exact.caseId, { case: exact, question });
  const left = notAskedAgain(opened, theCase, now);
  if (left !== undefined) return { kind: 'left', reason: left };
  const { caseId } = opened;
  const own = { case: { ...theCase, caseId }, question };
  const isNew = opened.status === openingStatus;
  const run =
    isNew || opened.status === 'running'
      ? await readRun(asking, executionNameOf(opened))
      : undefined;
  if (run === 'unknown' || run?.running === true) {
    return { kind: 'left', reason: `Its case ${caseId} is being contained already.` };
  }
  if (isNew && run === undefined) return startQuestion(asking, caseId, own);
  await endQuestion(asking, opened);
  return startQuestion(asking, anotherName(caseId, now), own);
};
