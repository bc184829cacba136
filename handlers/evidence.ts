import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeEc2Client, makeSingleAttemptEc2Client } from '../src/aws/client/ec2.ts';
import { makeS3Client } from '../src/aws/client/s3.ts';
import { makeSnsClient } from '../src/aws/client/sns.ts';
import { systemClock } from '../src/aws/clock.ts';
import { underCase } from '../src/aws/current-case.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { NotificationRefusedError } from '../src/case/errors.ts';
import { answerEvidence } from '../src/evidence/answer-evidence.ts';
import { parseEvidenceEvent } from '../src/evidence/evidence-event.ts';
import { journaled } from '../src/lambda/journaled.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { emitNotificationRefused } from '../src/lambda/metrics.ts';
import { withoutStack } from '../src/lambda/without-stack.ts';
import { changes } from '../src/lambda/worth-noting.ts';
import { recordHeadIn } from '../src/record/chain/read-head.ts';
import { readSettings } from '../src/settings/settings.ts';

const log = makeLogger({ function: 'evidence' });
const clients = {
  ec2: makeEc2Client(log),
  ec2SingleAttempt: makeSingleAttemptEc2Client(log),
  sns: makeSnsClient(log),
};
const s3 = makeS3Client(log);
const dynamoDb = makeDynamoDbClient(log);

/** Collects one kind of evidence of a case, follows it, or ends the collection. */
export const handler = journaled<object>(
  { program: 'EvidenceFunction', log, worth: changes },
  async (event, context) => {
    try {
      const { settings } = readSettings(process.env);
      const asked = parseEvidenceEvent(event);
      const bucket = { s3, name: process.env.EVIDENCE_STORE ?? '' };
      const by = context?.invokedFunctionArn ?? 'the function that collects evidence';
      const table = { dynamoDb, tableName: process.env.CASE_TABLE ?? '' };
      const recordHead = recordHeadIn(table, { clock: systemClock, log });
      const deps = { clients, clock: systemClock, log, settings, bucket, table, by, recordHead };
      return await underCase(asked.case.caseId, () => answerEvidence(deps, asked));
    } catch (error) {
      if (error instanceof NotificationRefusedError) emitNotificationRefused();
      throw withoutStack(asCordonError(error, 'Collecting evidence'), log);
    }
  },
);
