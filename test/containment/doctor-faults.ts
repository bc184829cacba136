import {
  DeleteTrailCommand,
  PutEventSelectorsCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  AuthorizeSecurityGroupEgressCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import { DisableRuleCommand, RemoveTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  DeleteDetectorCommand,
  ListDetectorsCommand,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import { DetachRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DisableKeyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import {
  ListSubscriptionsByTopicCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { sharedEmulator } from '../../emulator/test/shared-moto.ts';
import type { State } from '../../src/doctor/check.ts';
import type { AccountOptions } from './account.ts';
import type { Ailing, Healthy } from './doctor-scene.ts';
import { doctorClients, everyRight } from './doctor-scene.ts';

/** Something that would keep Cordon from working, and the one line that has to say so. */
export interface Fault {
  readonly name: string;
  /** What the account is deployed with. */
  readonly options?: AccountOptions;
  /** How many hours ago the last heartbeat and the last sample arrived; null: none did. */
  readonly arrivals?: { readonly heartbeat?: number | null; readonly sample?: number | null };
  readonly plant?: (account: Healthy) => Promise<unknown>;
  /** What is wrong with whoever asks. */
  readonly ailing?: Ailing;
  readonly found: { readonly check: string; readonly state: State; readonly says: RegExp };
}

/** The group of this name in the VPC of the suspect. */
const cordonGroup = async ({ clients, world }: Healthy, name: string): Promise<string> => {
  const { SecurityGroups = [] } = await clients.ec2.send(
    new DescribeSecurityGroupsCommand({
      Filters: [
        { Name: 'group-name', Values: [name] },
        { Name: 'vpc-id', Values: [world.vpcId] },
      ],
    }),
  );
  return SecurityGroups[0]?.GroupId ?? '';
};

const detector = async ({ more }: Healthy): Promise<string> => {
  const { DetectorIds = [] } = await more.guardDuty.send(new ListDetectorsCommand({}));
  return DetectorIds[0] ?? '';
};

const unsubscribe = async ({ clients, topicArn }: Healthy): Promise<void> => {
  const { Subscriptions = [] } = await clients.sns.send(
    new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }),
  );
  for (const { SubscriptionArn } of Subscriptions) {
    await clients.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  }
};

const subscribeAddress = ({ clients, topicArn }: Healthy, Endpoint: string) =>
  clients.sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint }));

const without = (action: string): Ailing => ({
  rights: everyRight.filter((one) => one !== action),
});

const wayOfFindings: readonly Fault[] = [
  {
    name: 'the rule of the findings is disabled',
    plant: ({ more, idOf }) =>
      more.events.send(new DisableRuleCommand({ Name: idOf('TriggerRule') })),
    found: { check: 'trigger', state: 'FAIL', says: /^the rule of the findings is DISABLED/ },
  },
  {
    name: 'the rule of the findings leads nowhere',
    plant: ({ more, idOf }) =>
      more.events.send(new RemoveTargetsCommand({ Rule: idOf('TriggerRule'), Ids: ['Intake'] })),
    found: { check: 'trigger', state: 'FAIL', says: /does not lead to Cordon$/ },
  },
  {
    name: 'everything automatic is stopped',
    plant: ({ more }) =>
      more.ssm.send(
        new PutParameterCommand({
          Name: '/cordon/cordon/stop',
          Type: 'String',
          Value: JSON.stringify({
            until: new Date(Date.now() + 3_600_000).toISOString(),
            who: 'sam',
            reason: 'false\u202ealarms"\n',
          }),
        }),
      ),
    found: { check: 'switch', state: 'FAIL', says: /^"sam" stopped everything.*"false alarms'"$/ },
  },
  {
    name: 'the switch holds what Cordon has not written',
    plant: ({ more }) =>
      more.ssm.send(
        new PutParameterCommand({ Name: '/cordon/cordon/stop', Type: 'String', Value: 'on' }),
      ),
    found: { check: 'switch', state: 'warn', says: /is unreadable/ },
  },
  {
    name: 'GuardDuty is off',
    plant: async (account) =>
      account.more.guardDuty.send(
        new DeleteDetectorCommand({ DetectorId: await detector(account) }),
      ),
    found: { check: 'guardduty', state: 'FAIL', says: /^GuardDuty is off in us-east-1$/ },
  },
  {
    name: 'GuardDuty is suspended',
    plant: async (account) =>
      account.more.guardDuty.send(
        new UpdateDetectorCommand({ DetectorId: await detector(account), Enable: false }),
      ),
    found: { check: 'guardduty', state: 'FAIL', says: /^GuardDuty is suspended/ },
  },
  {
    name: 'the heartbeat is missing since yesterday',
    arrivals: { heartbeat: 30 },
    found: { check: 'heartbeat', state: 'FAIL', says: /^the last one arrived 3\d h ago/ },
  },
  {
    name: 'no heartbeat has arrived yet',
    arrivals: { heartbeat: null },
    found: { check: 'heartbeat', state: 'warn', says: /^none has arrived yet/ },
  },
  {
    name: 'samples of GuardDuty have stopped to arrive',
    arrivals: { sample: 9 * 24 },
    found: { check: 'sample', state: 'FAIL', says: /^the last sample .* arrived 9 days ago$/ },
  },
  {
    name: 'no sample of GuardDuty is made',
    options: { before: async () => ({ GuardDutyDetectorId: '' }) },
    found: { check: 'sample', state: 'warn', says: /^no sample finding .* has shown/ },
  },
  {
    name: 'an event became no case',
    plant: ({ clients, stage }) =>
      clients.sqs.send(
        new SendMessageCommand({
          QueueUrl: stage.deployed.outputs.DeadLetterQueueUrl,
          MessageBody: '{}',
        }),
      ),
    found: { check: 'queue', state: 'FAIL', says: /^1 event became no case/ },
  },
  {
    name: 'the stack only observes',
    options: { parameters: { Mode: 'observe' } },
    found: { check: 'stack', state: 'warn', says: /Mode=observe: it contains nothing$/ },
  },
];

const cut: readonly Fault[] = [
  {
    name: 'a function has lost a policy',
    plant: async ({ clients, idOf }) =>
      clients.iam.send(
        new DetachRolePolicyCommand({
          RoleName: idOf('IsolateNetworkFunctionRole'),
          PolicyArn: idOf('IsolatePolicy'),
        }),
      ),
    found: {
      check: 'roles',
      state: 'FAIL',
      says: /^ec2:ModifyNetworkInterfaceAttribute of IsolateNetworkFunction: not allowed$/,
    },
  },
  {
    name: 'a function is denied a call',
    plant: ({ clients, idOf }) =>
      clients.iam.send(
        new PutRolePolicyCommand({
          RoleName: idOf('SnapshotFunctionRole'),
          PolicyName: 'guard',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [{ Effect: 'Deny', Action: 'ec2:CreateSnapshots', Resource: '*' }],
          }),
        }),
      ),
    found: {
      check: 'roles',
      state: 'FAIL',
      says: /^ec2:CreateSnapshots of SnapshotFunction: denied by a policy$/,
    },
  },
  {
    name: 'the person may not move interfaces',
    ailing: without('ec2:ModifyNetworkInterfaceAttribute'),
    found: {
      check: 'by hand',
      state: 'FAIL',
      says: /^ec2:ModifyNetworkInterfaceAttribute: not allowed$/,
    },
  },
  {
    name: 'the person may not look at detectors',
    ailing: without('guardduty:ListDetectors'),
    found: { check: 'guardduty', state: 'warn', says: /^not checked: .*guardduty:ListDetectors/ },
  },
  {
    name: 'the clock is off by minutes',
    ailing: { clockAhead: 8 * 60_000 },
    found: { check: 'clock', state: 'FAIL', says: /^this machine is 8 min ahead of AWS/ },
  },
  {
    name: 'the clock is off by a minute',
    ailing: { clockAhead: -60_000 },
    found: { check: 'clock', state: 'warn', says: /^this machine is (?:59|60) s behind AWS/ },
  },
  {
    name: 'an isolation group is missing',
    plant: async (account) =>
      account.clients.ec2.send(
        new DeleteSecurityGroupCommand({
          GroupId: await cordonGroup(account, 'cordon-isolation-full'),
        }),
      ),
    found: { check: 'groups', state: 'warn', says: /^not ready: cordon-isolation-full of vpc-/ },
  },
  {
    name: 'somebody has opened an isolation group',
    plant: async (account) =>
      account.clients.ec2.send(
        new AuthorizeSecurityGroupEgressCommand({
          GroupId: await cordonGroup(account, 'cordon-isolation-full'),
          IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '198.51.100.0/24' }] }],
        }),
      ),
    found: { check: 'groups', state: 'warn', says: /^not ready: cordon-isolation-full of vpc-/ },
  },
  {
    name: 'the quota of security groups is used up',
    plant: ({ emulator }) => emulator.quotas({ securityGroups: 9 }),
    found: { check: 'quota', state: 'warn', says: /^room for 0 more security groups/ },
  },
];

const afterwards: readonly Fault[] = [
  {
    name: 'nobody has confirmed a subscription',
    plant: async (account) => {
      await unsubscribe(account);
      await subscribeAddress(account, 'oncall@example.com');
    },
    found: {
      check: 'topic',
      state: 'warn',
      says: /no confirmed subscription: "oncall@example.com"/,
    },
  },
  {
    name: 'nobody subscribes at all',
    plant: unsubscribe,
    found: { check: 'topic', state: 'FAIL', says: /^nobody subscribes/ },
  },
  {
    name: 'a rule of the watch is disabled',
    plant: ({ more, idOf }) =>
      more.events.send(new DisableRuleCommand({ Name: idOf('DriftFunctionDriftCheck') })),
    found: { check: 'watch', state: 'FAIL', says: /^switched off: DriftFunctionDriftCheck$/ },
  },
  {
    name: 'there is no trail',
    plant: ({ more }) => more.cloudTrail.send(new DeleteTrailCommand({ Name: 'account' })),
    found: { check: 'cloudtrail', state: 'FAIL', says: /^there is no trail/ },
  },
  {
    name: 'the trail does not log now',
    plant: ({ more }) => more.cloudTrail.send(new StopLoggingCommand({ Name: 'account' })),
    found: { check: 'cloudtrail', state: 'FAIL', says: /^no trail logs changes/ },
  },
  {
    name: 'the trail has no management events',
    plant: ({ more }) =>
      more.cloudTrail.send(
        new PutEventSelectorsCommand({
          TrailName: 'account',
          EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: false }],
        }),
      ),
    found: { check: 'cloudtrail', state: 'FAIL', says: /^no trail logs changes/ },
  },
  {
    name: 'the key of the trail is disabled',
    plant: ({ more, idOf }) => more.kms.send(new DisableKeyCommand({ KeyId: idOf('TrailKey') })),
    found: { check: 'key', state: 'FAIL', says: /^the key of the trail is disabled/ },
  },
  {
    name: 'the key of the trail is to be deleted',
    plant: ({ more, idOf }) =>
      more.kms.send(new ScheduleKeyDeletionCommand({ KeyId: idOf('TrailKey') })),
    found: { check: 'key', state: 'FAIL', says: /scheduled for deletion/ },
  },
  {
    name: 'the evidence store locks nothing',
    options: {
      before: async () => {
        const { s3 } = doctorClients(await sharedEmulator());
        await s3.send(new CreateBucketCommand({ Bucket: 'store-without-lock' }));
        return { EvidenceBucket: 'store-without-lock' };
      },
    },
    found: {
      check: 'evidence',
      state: 'FAIL',
      says: /^the store store-without-lock locks nothing/,
    },
  },
  {
    name: 'the evidence store has gone',
    options: { parameters: { EvidenceBucket: 'store-that-is-not' } },
    found: {
      check: 'evidence',
      state: 'FAIL',
      says: /^the store store-that-is-not does not exist/,
    },
  },
  {
    name: 'a host under forensic has no endpoints',
    options: {
      parameters: {
        IsolationProfile: 'forensic',
        ForensicCidrs: '203.0.113.0/24',
        ForensicUploadBucket: 'evidence-of-hosts',
      },
    },
    found: { check: 'examine', state: 'FAIL', says: /no endpoint for ssm in vpc-/ },
  },
];

/** Every fault, in the order of the answer. */
export const faults: readonly Fault[] = [...wayOfFindings, ...cut, ...afterwards];
