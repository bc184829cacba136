import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { inWords } from '../src/aws/errors.ts';
import { NotificationRefusedError } from '../src/case/errors.ts';
import { parseCaseReport } from '../src/functions/case-report-event.ts';
import { notifyFunction } from '../src/functions/notify.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { emitNotificationRefused } from '../src/lambda/metrics.ts';
import { settleCase } from '../src/record/case-table/settle-case.ts';

const log = makeLogger({ function: 'notify' });
const dynamoDb = makeDynamoDbClient(log);

/** How the case stands, for the next finding about the instance; people are told whatever it answers. */
const settle = async (event: unknown): Promise<void> => {
  const tableName = process.env.CASE_TABLE ?? '';
  try {
    const { instanceId, caseId, status, dryRun } = parseCaseReport(event);
    if (tableName === '' || dryRun === true) return;
    await settleCase({ dynamoDb, tableName }, instanceId, caseId, status);
  } catch (error) {
    log.warn('the case table did not take how the case stands', { error: inWords(error) });
  }
};

export const handler = functionHandler({
  ...notifyFunction,
  run: async (deps, event) => {
    const settling = settle(event);
    try {
      return await notifyFunction.run(deps, event);
    } catch (error) {
      if (error instanceof NotificationRefusedError) emitNotificationRefused();
      throw error;
    } finally {
      await settling;
    }
  },
});
