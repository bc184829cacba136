import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeStepFunctionsClient } from '../src/aws/client/step-functions.ts';
import { systemClock } from '../src/aws/clock.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { ownRegion } from '../src/aws/region.ts';
import { journaled } from '../src/lambda/journaled.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { makeRunbookClients } from '../src/lambda/runbook-clients.ts';
import { stateMachineNamed } from '../src/lambda/state-machine.ts';
import { withoutStack } from '../src/lambda/without-stack.ts';
import { readHistory } from '../src/read-history.ts';
import { trySettleCase } from '../src/record/case-table/settle-case.ts';
import { recordHeadIn } from '../src/record/chain/read-head.ts';
import { localJournal } from '../src/record/journal/local-journal.ts';
import { releaseByEvent } from '../src/release/release-by-event.ts';
import type { ReleaseResult } from '../src/release/release-result.ts';
import { readSettings } from '../src/settings/settings.ts';

const log = makeLogger({ function: 'release' });
const dynamoDb = makeDynamoDbClient(log);
const clients = { ...makeRunbookClients(log), stepFunctions: makeStepFunctionsClient(log) };

/** Lets the next finding about the instance open a case of its own. */
const settle = async (result: ReleaseResult): Promise<void> => {
  if (result.status === 'planned') return;
  const table = { dynamoDb, tableName: process.env.CASE_TABLE ?? '' };
  await trySettleCase({ clock: systemClock, log }, table, result);
};

/** Gives a contained instance back; started by the state machine of releases. */
export const handler = journaled<ReleaseResult>(
  { program: 'ReleaseFunction', log, keepsAnswers: true },
  async (event) => {
    try {
      const { settings, warnings } = readSettings(process.env);
      for (const warning of warnings)
        log.warn('a setting was replaced by its default', { warning });
      const common = { clients, clock: systemClock, log, settings };
      const stateMachineArn = stateMachineNamed(process.env.CONTAINMENT_STATE_MACHINE_ARN);
      const witnesses = {
        readHistory: async (caseId: string, instanceId: string) =>
          stateMachineArn === ''
            ? undefined
            : readHistory(common, stateMachineArn, caseId, instanceId),
      };
      const recordHead = recordHeadIn(
        { dynamoDb, tableName: process.env.CASE_TABLE ?? '' },
        common,
      );
      const deps = { ...common, ...witnesses, recordHead, ...localJournal(process.env) };
      const result = await releaseByEvent(deps, ownRegion(), event);
      await settle(result);
      return result;
    } catch (error) {
      throw withoutStack(asCordonError(error, 'Releasing'), log);
    }
  },
);
