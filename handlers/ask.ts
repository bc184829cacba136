import { ask } from '../src/asking/ask.ts';
import { parseAskEvent } from '../src/asking/ask-event.ts';
import { leaveOpen } from '../src/asking/leave-open.ts';
import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeSnsClient } from '../src/aws/client/sns.ts';
import { systemClock } from '../src/aws/clock.ts';
import { underCase } from '../src/aws/current-case.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { NotificationRefusedError } from '../src/case/errors.ts';
import { runBatches } from '../src/functions/run-entries.ts';
import { journaled } from '../src/lambda/journaled.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { emitNotificationRefused } from '../src/lambda/metrics.ts';
import { withoutStack } from '../src/lambda/without-stack.ts';
import { recordHeadIn } from '../src/record/chain/read-head.ts';
import { readSettings } from '../src/settings/settings.ts';

const log = makeLogger({ function: 'ask' });
const clients = { sns: makeSnsClient(log) };
const dynamoDb = makeDynamoDbClient(log);

/** What describe has noted: the machine that asks has no report that would take it. */
const handedOn = (event: unknown) =>
  typeof event === 'object' && event !== null && 'run' in event
    ? runBatches(event.run, systemClock.now())
    : [];

/** Asks people whether an instance is cut off, and tells where the answer leaves it open. */
export const handler = journaled<object>(
  { program: 'AskFunction', log, handedOn },
  async (event) => {
    try {
      const { settings } = readSettings(process.env);
      const asked = parseAskEvent(event);
      const table = { dynamoDb, tableName: process.env.CASE_TABLE ?? '' };
      const recordHead = recordHeadIn(table, { clock: systemClock, log });
      const deps = { clients, clock: systemClock, log, settings, table, recordHead };
      return await underCase(asked.case.caseId, async () =>
        asked.kind === 'ask' ? ask(deps, asked) : leaveOpen(deps, asked),
      );
    } catch (error) {
      if (error instanceof NotificationRefusedError) emitNotificationRefused();
      throw withoutStack(asCordonError(error, 'Asking'), log);
    }
  },
);
