import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { RecordMark } from '../case/record-mark.ts';
import type { Journal } from '../record/trail/journal.ts';
import type { Purpose } from '../record/trail/seal/statement.ts';
import type { Settings } from '../settings/settings.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** Every client that a step can ask for. Types only: a function bundles just what it makes. */
export interface Clients {
  readonly ec2: EC2Client;
  /** Never repeats a call by itself: for calls without a client token that are not idempotent. */
  readonly ec2SingleAttempt: EC2Client;
  readonly autoScaling: AutoScalingClient;
  readonly loadBalancingV2: ElasticLoadBalancingV2Client;
  readonly loadBalancing: ElasticLoadBalancingClient;
  readonly iam: IAMClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly dynamoDb: DynamoDBClient;
  readonly cloudWatch: CloudWatchClient;
  readonly stepFunctions: SFNClient;
  readonly ssm: SSMClient;
  readonly cloudFormation: CloudFormationClient;
}

/** What a step is given: the clients it names, time, a log, and the settings. */
export interface Deps<Names extends keyof Clients = never> {
  readonly clients: Pick<Clients, Names>;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  /** What was before, on the disk of this machine; only where a person runs Cordon by hand. */
  readonly journal?: Journal;
  /** The ARN of the key of the stack that a person's run found; undefined where there is none. */
  readonly stackTrailKeyArn?: Promise<string | undefined>;
  /** The ARN of the machine of the stack that collects evidence, as a person's run found it. */
  readonly stackEvidenceStateMachineArn?: Promise<string | undefined>;
  /** How far the record of a case is; undefined where none is kept, or nothing is known of it. */
  readonly recordHead?: (caseId: string) => Promise<RecordMark | undefined>;
  /** As whom this run seals trails; absent: as a function of the state machine. */
  readonly sealsAs?: Purpose;
}
