import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { systemClock } from '../src/aws/clock.ts';
import { NotificationRefusedError } from '../src/case/errors.ts';
import { parseCaseReport } from '../src/functions/case-report-event.ts';
import { notifyFunction } from '../src/functions/notify.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { emitNotificationRefused } from '../src/lambda/metrics.ts';
import { trySettleCase } from '../src/record/case-table/settle-case.ts';

const log = makeLogger({ function: 'notify' });
const dynamoDb = makeDynamoDbClient(log);

/** How the case stands, for the next finding about the instance. */
const settle = async (event: unknown): Promise<void> => {
  const report = parseCaseReport(event);
  // Who asks notes the question itself.
  if (report.dryRun === true || report.question?.execution !== undefined) return;
  const table = { dynamoDb, tableName: process.env.CASE_TABLE ?? '' };
  await trySettleCase({ clock: systemClock, log }, table, report);
};

export const handler = functionHandler({
  ...notifyFunction,
  run: async (deps, event) => {
    const [told] = await Promise.allSettled([notifyFunction.run(deps, event), settle(event)]);
    if (told.status === 'fulfilled') return told.value;
    if (told.reason instanceof NotificationRefusedError) emitNotificationRefused();
    throw told.reason;
  },
});
