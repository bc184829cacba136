import {
  CloudTrailClient,
  CreateTrailCommand,
  StartLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteSecurityGroupCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateDetectorCommand, GuardDutyClient } from '@aws-sdk/client-guardduty';
import { KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { enforcePolicies } from '../../emulator/deploy/enforce-policies.ts';
import type { Emulator } from '../../emulator/emulator.ts';
import { sharedEmulator } from '../../emulator/test/shared-moto.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { silentLog } from '../../src/aws/log.ts';
import { defined } from '../../src/case/defined.ts';
import { makeDoctorClients } from '../../src/doctor/clients.ts';
import { beginExamination } from '../../src/doctor/examination.ts';
import type { Line } from '../../src/doctor/examine.ts';
import { examine } from '../../src/doctor/examine.ts';
import { checks } from '../../src/doctor/index.ts';
import { stack } from '../template/opted-in.ts';
import { managedPolicy } from '../template/policy.ts';
import type { Account, AccountOptions } from './account.ts';
import { useAccount } from './account.ts';

export const doctorClients = (emulator: Pick<Emulator, 'endpoint' | 'region'>) => {
  const configuration = clientConfiguration(emulator);
  return {
    cloudTrail: new CloudTrailClient(configuration),
    cloudWatch: new CloudWatchClient(configuration),
    events: new EventBridgeClient(configuration),
    guardDuty: new GuardDutyClient(configuration),
    kms: new KMSClient(configuration),
    ssm: new SSMClient(configuration),
    s3: new S3Client({ ...configuration, forcePathStyle: true }),
  };
};

export const policies = ['OnCallReadPolicy', 'OnCallPolicy', 'OnCallDoctorPolicy'] as const;

/** What the person may do who runs the doctor. */
export const everyRight = policies.flatMap((name) =>
  managedPolicy(stack, name).statements.flatMap(({ actions }) => actions),
);

/** What a test finds other than it should be. */
export interface Ailing {
  /** How far the clock of this machine is ahead, in milliseconds. */
  readonly clockAhead?: number;
  readonly stackName?: string;
  readonly instanceId?: string;
  /** What the person may do; without it, everything that the policies for people allow. */
  readonly rights?: readonly string[];
}

/** An account in which Cordon would work tonight. */
export interface Healthy extends Account {
  readonly topicArn: string;
  readonly more: ReturnType<typeof doctorClients>;
  /** The id that a resource of the stack has, by its logical one. */
  idOf(logicalId: string): string;
  /** Deletes Cordon's groups, and says how many the Region has then. */
  removeGroups(): Promise<{ readonly groups: number }>;
  /** Counts a heartbeat, or a sample, so many hours ago. */
  arrive(metric: 'Heartbeats' | 'SampleFindings', hoursAgo: number): Promise<void>;
  examine(ailing?: Ailing): Promise<readonly Line[]>;
  /** The variables of the person's shell. */
  session(rights?: readonly string[]): Promise<Record<string, string>>;
}

const makeTrail = async ({ cloudTrail, s3 }: ReturnType<typeof doctorClients>): Promise<void> => {
  await s3.send(new CreateBucketCommand({ Bucket: 'trail-of-the-account' }));
  const trail = { Name: 'account', S3BucketName: 'trail-of-the-account', IsMultiRegionTrail: true };
  await cloudTrail.send(new CreateTrailCommand(trail));
  await cloudTrail.send(new StartLoggingCommand({ Name: 'account' }));
};

const removeGroups = async ({ clients: { ec2 } }: Account): Promise<{ groups: number }> => {
  const { SecurityGroups = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ MaxResults: 1000 }),
  );
  const cordons = SecurityGroups.filter(({ GroupName = '' }) => GroupName.startsWith('cordon-'));
  for (const { GroupId } of cordons) await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
  return { groups: SecurityGroups.length - cordons.length };
};

const subscribe = async ({ emulator, clients }: Account, TopicArn: string): Promise<void> => {
  await clients.sqs.send(new CreateQueueCommand({ QueueName: 'siem' }));
  await clients.sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: `arn:aws:sqs:${emulator.region}:${emulator.accountId}:siem`,
    }),
  );
};

/** The parameters of what is there before the stack: a detector, and what the test adds. */
const withDetector =
  (before: AccountOptions['before']): NonNullable<AccountOptions['before']> =>
  async (clients, world) => {
    const { guardDuty } = doctorClients(await sharedEmulator());
    const { DetectorId = '' } = await guardDuty.send(new CreateDetectorCommand({ Enable: true }));
    return { GuardDutyDetectorId: DetectorId, ...(await before?.(clients, world)) };
  };

const counting =
  ({ cloudWatch }: ReturnType<typeof doctorClients>, topicArn: string): Healthy['arrive'] =>
  async (MetricName, hoursAgo) => {
    await cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: 'Cordon',
        MetricData: [
          {
            MetricName,
            Dimensions: [
              { Name: 'service', Value: 'cordon' },
              { Name: 'topic', Value: topicArn.split(':')[5] ?? '' },
            ],
            Timestamp: new Date(Date.now() - hoursAgo * 3_600_000),
            Value: 1,
            Unit: 'Count',
          },
        ],
      }),
    );
  };

/** Does something as the person of this shell would. */
const inShell = async <Value>(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<Value>,
): Promise<Value> => {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
};

const examineAs = (
  shell: Readonly<Record<string, string>>,
  region: string,
  { clockAhead = 0, stackName = 'cordon', instanceId }: Ailing,
): Promise<readonly Line[]> =>
  inShell(shell, async () => {
    const clients = makeDoctorClients(silentLog, region);
    const clock = { ...systemClock, now: () => new Date(Date.now() + clockAhead) };
    const about = { clients, clock, log: silentLog, region, stackName };
    try {
      return await examine(beginExamination({ ...about, ...defined({ instanceId }) }), checks);
    } finally {
      for (const client of Object.values(clients)) client.destroy();
    }
  });

/** Each scene is an account with nothing to find fault with, but what its options change. */
export const useHealthyAccount = () => {
  const accounts = useAccount();
  return async (options: AccountOptions = {}): Promise<Healthy> => {
    const account = await accounts.open({ ...options, before: withDetector(options.before) });
    const { emulator, stage } = account;
    const clients = doctorClients(emulator);
    const topicArn = stage.deployed.outputs.NotificationTopicArn ?? '';
    const arrive = counting(clients, topicArn);
    await Promise.all([makeTrail(clients), subscribe(account, topicArn)]);
    await stage.invoke('DriftFunction', { drift: 'prepare' });
    const session = async (rights: readonly string[] = everyRight) => ({
      ...emulator.environment,
      ...(await enforcePolicies(emulator, { doctor: rights })).doctor,
    });
    return {
      ...account,
      topicArn,
      more: clients,
      idOf: (logicalId) => stage.deployed.physicalIds[logicalId] ?? '',
      arrive,
      removeGroups: () => removeGroups(account),
      session,
      examine: async (ailing = {}) =>
        examineAs(await session(ailing.rights), emulator.region, ailing),
    };
  };
};
