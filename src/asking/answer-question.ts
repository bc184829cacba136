import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { asCordonError, codeOf } from '../aws/errors.ts';
import { NothingAskedError } from '../case/errors.ts';
import type { CaseItem } from '../record/case-table/case-item.ts';
import { askedStatus } from '../record/case-table/case-item.ts';
import { findItem } from '../record/case-table/question-item.ts';
import type { Answer } from './send-answer.ts';
import { sendAnswer } from './send-answer.ts';

export interface AnswerDeps {
  readonly clients: { readonly dynamoDb: DynamoDBClient; readonly stepFunctions: SFNClient };
  readonly tableName: string;
}

/** The instance that is meant, and the case if it was named. */
interface Subject {
  readonly instanceId: string;
  readonly caseId?: string;
}

/** The codes of Step Functions for a token that nobody waits with any more. */
const isOver = (error: unknown): boolean =>
  ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'].includes(codeOf(error) ?? '');

/** @throws NothingAskedError when no question about it waits. */
const waitingToken = ({ instanceId, caseId }: Subject, item: CaseItem | undefined): string => {
  if (item === undefined) {
    throw new NothingAskedError(
      `The case table of the stack knows no case of ${instanceId}: nobody is asked about it.`,
    );
  }
  if (caseId !== undefined && caseId !== item.caseId) {
    throw new NothingAskedError(
      `The case of ${instanceId} is ${item.caseId} by now, not ${caseId}: answer that one, if you mean it.`,
    );
  }
  if (item.status !== askedStatus || item.question === undefined) {
    throw new NothingAskedError(
      `The case ${item.caseId} is ${item.status}: nobody is asked about it.`,
    );
  }
  return item.question.token;
};

/**
 * Answers the question that waits about an instance.
 *
 * @returns the case that was answered.
 * @throws NothingAskedError when no question waits, or it has ended in this moment.
 * @throws AwsDeniedError, AwsUnavailableError and their kin when AWS does not answer.
 */
export const answerQuestion = async (
  { clients, tableName }: AnswerDeps,
  subject: Subject,
  answer: Answer,
): Promise<CaseItem> => {
  const item = await findItem({ dynamoDb: clients.dynamoDb, tableName }, subject.instanceId).catch(
    (error: unknown) => {
      throw asCordonError(error, 'Reading the case table');
    },
  );
  const token = waitingToken(subject, item);
  try {
    await sendAnswer(clients.stepFunctions, token, answer);
  } catch (error) {
    if (!isOver(error)) throw asCordonError(error, 'Answering the question');
    throw new NothingAskedError(
      `The question about ${subject.instanceId} was answered, or its time ended, a moment ago; look with cordon verify.`,
      { cause: error },
    );
  }
  return item as CaseItem;
};
