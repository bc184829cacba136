import { sendAnswer } from '../src/asking/send-answer.ts';
import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeStepFunctionsClient } from '../src/aws/client/step-functions.ts';
import { systemClock } from '../src/aws/clock.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { workRegion } from '../src/aws/region.ts';
import type { ContainResult } from '../src/contain-event.ts';
import { containEvent } from '../src/contain-event.ts';
import type { LambdaContext } from '../src/lambda/function-writer.ts';
import { functionWriter } from '../src/lambda/function-writer.ts';
import { journalTable } from '../src/lambda/journal-table.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { emitCaseMetrics } from '../src/lambda/metrics.ts';
import { makeRunbookClients } from '../src/lambda/runbook-clients.ts';
import { withoutStack } from '../src/lambda/without-stack.ts';
import { caseLock } from '../src/record/case-table/case-lock.ts';
import { localJournal } from '../src/record/journal/local-journal.ts';
import { keepRun } from '../src/record/outbox/keep-run.ts';
import { readSettings } from '../src/settings/settings.ts';

const log = makeLogger({ function: 'contain' });

/** The whole runbook in one process, for the on-call. */
export const handler = async (event: unknown, context?: LambdaContext): Promise<ContainResult> => {
  try {
    const region = workRegion(process.env, event);
    const clients = makeRunbookClients(log, region);
    const name = process.env.CASE_TABLE ?? '';
    const lock = caseLock({
      clock: systemClock,
      log,
      table: async () =>
        name === '' ? undefined : { dynamoDb: makeDynamoDbClient(log, region), tableName: name },
      endQuestion: (token) =>
        sendAnswer(makeStepFunctionsClient(log, region), token, {
          answer: 'superseded',
          by: 'ContainFunction',
        }),
    });
    const common = { clients, clock: systemClock, log, ...localJournal(process.env) };
    const keeping = {
      ...common,
      table: async () => journalTable(log),
      writer: () => functionWriter('ContainFunction', context),
    };
    const result = await containEvent(
      { ...common, lock, keepRun: (report, notes) => keepRun(keeping, report, notes) },
      readSettings(process.env),
      { region },
      event,
    );
    // Imported only now: the tracer must not delay the cut.
    const { annotateTrace } = await import('../src/lambda/annotate-trace.ts');
    for (const report of result.cases) {
      emitCaseMetrics(report);
      annotateTrace(report.caseId);
    }
    return result;
  } catch (error) {
    throw withoutStack(asCordonError(error, 'Containing'), log);
  }
};
