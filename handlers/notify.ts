import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeSecurityHubClient } from '../src/aws/client/security-hub.ts';
import { systemClock } from '../src/aws/clock.ts';
import { NotificationRefusedError } from '../src/case/errors.ts';
import { parseCaseReport } from '../src/functions/case-report-event.ts';
import { notifyFunction } from '../src/functions/notify.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { emitNotificationRefused } from '../src/lambda/metrics.ts';
import { trySettleCase } from '../src/record/case-table/settle-case.ts';
import { noteCase } from '../src/security-hub/note-case.ts';

const log = makeLogger({ function: 'notify' });
const dynamoDb = makeDynamoDbClient(log);
const securityHub = makeSecurityHubClient(log);

/** How the case stands, for the next finding about the instance. */
const settle = async (event: unknown): Promise<void> => {
  const report = parseCaseReport(event);
  // Who asks notes the question itself.
  if (report.dryRun === true || report.question?.execution !== undefined) return;
  const table = { dynamoDb, tableName: process.env.CASE_TABLE ?? '' };
  await trySettleCase({ clock: systemClock, log }, table, report);
};

/** What analysts read in the finding that began the case. */
const note = (event: unknown): Promise<void> =>
  noteCase({ securityHub, clock: systemClock, log }, parseCaseReport(event));

export const handler = functionHandler({
  ...notifyFunction,
  run: async (deps, event) => {
    const beside = [settle(event), ...(deps.settings.updateSecurityHub ? [note(event)] : [])];
    const [told] = await Promise.allSettled([notifyFunction.run(deps, event), ...beside]);
    if (told.status === 'fulfilled') return told.value;
    if (told.reason instanceof NotificationRefusedError) emitNotificationRefused();
    throw told.reason;
  },
});
