import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { systemClock } from '../src/aws/clock.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { ownRegion } from '../src/aws/region.ts';
import { makeDriftClients } from '../src/lambda/drift-clients.ts';
import { journaled } from '../src/lambda/journaled.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { emitDriftMetrics } from '../src/lambda/metrics.ts';
import { stateMachineNamed } from '../src/lambda/state-machine.ts';
import { stopSwitchOf } from '../src/lambda/stop-switch.ts';
import { withoutStack } from '../src/lambda/without-stack.ts';
import { casesWithNews } from '../src/lambda/worth-noting.ts';
import { recordHeadIn } from '../src/record/chain/read-head.ts';
import { readSettings } from '../src/settings/settings.ts';
import { drift } from '../src/watch/drift.ts';
import { parseDriftEvent } from '../src/watch/event.ts';
import type { OpenInTable } from '../src/watch/open-in-table.ts';
import { openInTable } from '../src/watch/open-in-table.ts';
import type { DriftResult } from '../src/watch/result.ts';

const log = makeLogger({ function: 'drift' });
const clients = makeDriftClients(log);
const dynamoDb = makeDynamoDbClient(log);

/** Watches over contained instances: by schedule, by CloudTrail, by EC2's changes of state. */
export const handler = journaled<DriftResult>(
  { program: 'DriftFunction', log, keepsAnswers: true, worth: casesWithNews },
  async (event) => {
    try {
      const { settings, warnings } = readSettings(process.env);
      for (const warning of warnings)
        log.warn('a setting was replaced by its default', { warning });
      const asked = parseDriftEvent(event);
      const stateMachineArn = stateMachineNamed(process.env.CONTAINMENT_STATE_MACHINE_ARN);
      const region = ownRegion();
      const common = { clients, clock: systemClock, log, settings };
      const stopSwitch = stopSwitchOf(
        common,
        process.env.STOP_PARAMETER,
        process.env.DRIFT_CHECK_MINUTES,
      );
      const table = { dynamoDb, tableName: process.env.CASE_TABLE ?? '' };
      let open: Promise<OpenInTable> | undefined;
      const openCases = () => {
        open ??= openInTable(common, table);
        return open;
      };
      const recordHead = recordHeadIn(table, common);
      const deps = {
        ...common,
        ...{ region, stateMachineArn, stopSwitch, recordHead, table },
        openInTable: openCases,
      };
      const result = await drift(deps, asked);
      if (asked.kind === 'check') {
        log.info('drift checked', { ...result });
        emitDriftMetrics(result.checked);
      }
      return result;
    } catch (error) {
      throw withoutStack(asCordonError(error, 'Watching'), log);
    }
  },
);
