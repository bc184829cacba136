import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { GuardDutyClient } from '@aws-sdk/client-guardduty';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { STSClient } from '@aws-sdk/client-sts';
import { makeCloudFormationClient } from '../aws/client/cloudformation.ts';
import { makeCloudTrailClient } from '../aws/client/cloudtrail.ts';
import { makeCloudWatchClient } from '../aws/client/cloudwatch.ts';
import { makeEventBridgeClient } from '../aws/client/eventbridge.ts';
import { makeGuardDutyClient } from '../aws/client/guardduty.ts';
import { makeKmsClient } from '../aws/client/kms.ts';
import { makeS3Client } from '../aws/client/s3.ts';
import { makeServiceQuotasClient } from '../aws/client/service-quotas.ts';
import { makeSqsClient } from '../aws/client/sqs.ts';
import { makeStsClient } from '../aws/client/sts.ts';
import type { Clients } from '../aws/clients.ts';
import type { Log } from '../aws/log.ts';
import { makeRunbookClients } from '../lambda/runbook-clients.ts';
import type { RunbookDeps } from '../run/answer-task.ts';

/** Every client that the checks need; those of the runbook rehearse the containment of an instance. */
export interface DoctorClients
  extends Readonly<RunbookDeps['clients']>,
    Pick<Clients, 'sqs' | 'cloudWatch' | 'cloudFormation'> {
  readonly sts: STSClient;
  readonly eventBridge: EventBridgeClient;
  readonly cloudTrail: CloudTrailClient;
  readonly guardDuty: GuardDutyClient;
  readonly serviceQuotas: ServiceQuotasClient;
  readonly kms: KMSClient;
  readonly s3: S3Client;
}

export const makeDoctorClients = (log: Log, region: string): DoctorClients => ({
  ...makeRunbookClients(log, region),
  sqs: makeSqsClient(log, region),
  cloudWatch: makeCloudWatchClient(log, region),
  cloudFormation: makeCloudFormationClient(log, region),
  sts: makeStsClient(log, region),
  eventBridge: makeEventBridgeClient(log, region),
  cloudTrail: makeCloudTrailClient(log, region),
  guardDuty: makeGuardDutyClient(log, region),
  serviceQuotas: makeServiceQuotasClient(log, region),
  kms: makeKmsClient(log, region),
  s3: makeS3Client(log, region),
});
