import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { heedDeadlines } from '../../src/aws/deadline.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { FakeClock } from './fake-clock.ts';
import { RecordedLog } from './recorded-log.ts';

const configuration = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
  maxAttempts: 1,
} as const;

/** What every setting is by default, in a stack that contains and tells. */
export const defaultSettings: Settings = {
  ...readSettings({}).settings,
  mode: 'contain',
  notificationTopicArn: 'arn:aws:sns:eu-central-1:111122223333:on-call',
};

/**
 * Clients that reach no network, each with a stub that answers what a test tells it to. A call
 * that no test expected fails, so that nothing passes by accident.
 */
export const fakeAws = (settings: Partial<Settings> = {}) => {
  const clock = new FakeClock();
  const log = new RecordedLog();
  const clients = {
    ec2: new EC2Client(configuration),
    ec2SingleAttempt: new EC2Client(configuration),
    autoScaling: new AutoScalingClient(configuration),
    loadBalancingV2: new ElasticLoadBalancingV2Client(configuration),
    loadBalancing: new ElasticLoadBalancingClient(configuration),
    iam: new IAMClient(configuration),
    sns: new SNSClient(configuration),
    sqs: new SQSClient(configuration),
    dynamoDb: new DynamoDBClient(configuration),
    cloudWatch: new CloudWatchClient(configuration),
    stepFunctions: new SFNClient(configuration),
    ssm: new SSMClient(configuration),
    cloudFormation: new CloudFormationClient(configuration),
  };
  const stubs = {
    ec2: mockClient(clients.ec2),
    ec2SingleAttempt: mockClient(clients.ec2SingleAttempt),
    autoScaling: mockClient(clients.autoScaling),
    loadBalancingV2: mockClient(clients.loadBalancingV2),
    loadBalancing: mockClient(clients.loadBalancing),
    iam: mockClient(clients.iam),
    sns: mockClient(clients.sns),
    sqs: mockClient(clients.sqs),
    dynamoDb: mockClient(clients.dynamoDb),
    cloudWatch: mockClient(clients.cloudWatch),
    stepFunctions: mockClient(clients.stepFunctions),
    ssm: mockClient(clients.ssm),
    cloudFormation: mockClient(clients.cloudFormation),
  };
  // Over the stubs, so that a call which is never answered is given up as on AWS.
  for (const client of Object.values(clients)) heedDeadlines(client);
  const unexpected = new Error('no test expected this call');
  stubs.ec2.onAnyCommand().rejects(unexpected);
  stubs.ec2SingleAttempt.onAnyCommand().rejects(unexpected);
  stubs.autoScaling.onAnyCommand().rejects(unexpected);
  stubs.loadBalancingV2.onAnyCommand().rejects(unexpected);
  stubs.loadBalancing.onAnyCommand().rejects(unexpected);
  stubs.iam.onAnyCommand().rejects(unexpected);
  stubs.sns.onAnyCommand().rejects(unexpected);
  stubs.sqs.onAnyCommand().rejects(unexpected);
  stubs.dynamoDb.onAnyCommand().rejects(unexpected);
  stubs.cloudWatch.onAnyCommand().rejects(unexpected);
  stubs.stepFunctions.onAnyCommand().rejects(unexpected);
  stubs.ssm.onAnyCommand().rejects(unexpected);
  stubs.cloudFormation.onAnyCommand().rejects(unexpected);
  return {
    ...stubs,
    clock,
    log,
    deps: { clients, clock, log, settings: { ...defaultSettings, ...settings } },
  };
};

export type FakeAws = ReturnType<typeof fakeAws>;
