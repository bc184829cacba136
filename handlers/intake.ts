import { makeAutoScalingClient } from '../src/aws/client/auto-scaling.ts';
import { makeCloudWatchClient } from '../src/aws/client/cloudwatch.ts';
import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeEc2Client } from '../src/aws/client/ec2.ts';
import { makeSnsClient } from '../src/aws/client/sns.ts';
import { makeSqsClient } from '../src/aws/client/sqs.ts';
import { makeSsmClient } from '../src/aws/client/ssm.ts';
import { makeStepFunctionsClient } from '../src/aws/client/step-functions.ts';
import { systemClock } from '../src/aws/clock.ts';
import { asCordonError } from '../src/aws/errors.ts';
import type { Arrival } from '../src/case/arrival.ts';
import { defined } from '../src/case/defined.ts';
import { answered, isAnswered } from '../src/intake/answered.ts';
import { arrivalOf } from '../src/intake/arrival-of.ts';
import { goOn } from '../src/intake/go-on.ts';
import { intake } from '../src/intake/intake.ts';
import type { IntakeResult } from '../src/intake/intake-result.ts';
import { journaled } from '../src/lambda/journaled.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { emitArrival } from '../src/lambda/metrics.ts';
import { withoutStack } from '../src/lambda/without-stack.ts';
import type { CaseTable } from '../src/record/case-table/case-table.ts';
import { caseTable } from '../src/record/case-table/case-table.ts';
import { readSettings } from '../src/settings/settings.ts';
import { parseOwnRoles } from '../src/triggers/own-traces.ts';

const log = makeLogger({ function: 'intake' });

const dynamoDb = makeDynamoDbClient(log);

const tableNamed = (name = ''): CaseTable | undefined =>
  name === '' ? undefined : caseTable(dynamoDb, name);

const clients = {
  autoScaling: makeAutoScalingClient(log),
  cloudWatch: makeCloudWatchClient(log),
  ec2: makeEc2Client(log),
  sns: makeSnsClient(log),
  sqs: makeSqsClient(log),
  ssm: makeSsmClient(log),
  stepFunctions: makeStepFunctionsClient(log),
};

/** What the schedule says: `{"brake": "go-on"}`. */
const isGoOn = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'brake' in event && event.brake === 'go-on';

/** Counts an event that shows by its arrival that a way to Cordon is open, and says which it is. */
const countArrival = (event: unknown, topicArn: string): Arrival | undefined => {
  const arrival = arrivalOf(event);
  if (arrival === undefined) return undefined;
  log.info('a way to Cordon is open', { arrival });
  emitArrival(arrival, topicArn);
  return arrival;
};

/** EventBridge in, executions out. */
export const handler = journaled<IntakeResult>(
  { program: 'IntakeFunction', log },
  async (event) => {
    try {
      const { settings } = readSettings(process.env);
      const deps = { clients, clock: systemClock, log, settings };
      const intakeSettings = {
        stateMachineArn: process.env.CONTAINMENT_STATE_MACHINE_ARN ?? '',
        askStateMachineArn: process.env.ASK_STATE_MACHINE_ARN ?? '',
        deadLetterQueueUrl: process.env.DEAD_LETTER_QUEUE_URL ?? '',
        stopParameter: process.env.STOP_PARAMETER ?? '',
        ...defined({ caseTable: tableNamed(process.env.CASE_TABLE) }),
        ownRoles: parseOwnRoles(process.env.OWN_ROLES ?? ''),
      };
      if (countArrival(event, settings.notificationTopicArn) === 'heartbeat') {
        return { executions: [], skipped: [] };
      }
      if (isAnswered(event)) return await answered(deps, intakeSettings, event);
      return isGoOn(event)
        ? await goOn(deps, intakeSettings)
        : await intake(deps, intakeSettings, event);
    } catch (error) {
      throw withoutStack(asCordonError(error, 'Taking the event in'), log);
    }
  },
);
