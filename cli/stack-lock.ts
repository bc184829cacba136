import { sendAnswer } from '../src/asking/send-answer.ts';
import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeStepFunctionsClient } from '../src/aws/client/step-functions.ts';
import type { Clock } from '../src/aws/clock.ts';
import type { Log } from '../src/aws/log.ts';
import type { CaseLock } from '../src/record/case-table/case-lock.ts';
import { caseLock } from '../src/record/case-table/case-lock.ts';
import type { StackWitnesses } from './stack-witnesses.ts';
import { whoAsks } from './switch-command.ts';

/** The lock of the stack that the command names; none where there is no stack, or it cannot be read. */
export const stackLock = (
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  region: string,
  { caseTableName }: Pick<StackWitnesses, 'caseTableName'>,
): CaseLock =>
  caseLock({
    clock,
    log,
    table: async () => {
      const name = (await caseTableName) ?? '';
      return name === ''
        ? undefined
        : { dynamoDb: makeDynamoDbClient(log, region), tableName: name };
    },
    endQuestion: (token) =>
      sendAnswer(makeStepFunctionsClient(log, region), token, {
        answer: 'superseded',
        by: whoAsks(),
      }),
  });
