import {
  DeleteTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { DisableRuleCommand, EnableRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  CancelKeyDeletionCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import {
  ListSubscriptionsByTopicCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { sharedEmulator } from '../../../emulator/test/shared-moto.ts';
import type { Healthy } from '../doctor-scene.ts';
import { doctorClients } from '../doctor-scene.ts';
import type { Fault } from './fault.ts';

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

/** What keeps people from hearing of a case, and from proving it later. */
export const afterwards: readonly Fault[] = [
  {
    name: 'nobody has confirmed a subscription',
    plant: async (account) => {
      await unsubscribe(account);
      await subscribeAddress(account, 'oncall@example.com');
    },
    found: {
      check: 'topic',
      state: 'FAIL',
      says: /no confirmed subscription, so nobody would be told: "oncall@example.com"/,
    },
  },
  {
    name: 'somebody has not confirmed a subscription beside others',
    plant: (account) => subscribeAddress(account, 'oncall@example.com'),
    found: { check: 'topic', state: 'warn', says: /^not confirmed: "oncall@example.com" waits/ },
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
    mend: ({ more, idOf }) =>
      more.events.send(new EnableRuleCommand({ Name: idOf('DriftFunctionDriftCheck') })),
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
    mend: ({ more }) => more.cloudTrail.send(new StartLoggingCommand({ Name: 'account' })),
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
    mend: ({ more }) =>
      more.cloudTrail.send(
        new PutEventSelectorsCommand({
          TrailName: 'account',
          EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }],
        }),
      ),
    found: { check: 'cloudtrail', state: 'FAIL', says: /^no trail logs changes/ },
  },
  {
    name: 'the key of the trail is disabled',
    plant: ({ more, idOf }) => more.kms.send(new DisableKeyCommand({ KeyId: idOf('TrailKey') })),
    mend: ({ more, idOf }) => more.kms.send(new EnableKeyCommand({ KeyId: idOf('TrailKey') })),
    found: { check: 'key', state: 'FAIL', says: /^the key of the trail is disabled/ },
  },
  {
    name: 'the key of the trail is to be deleted',
    plant: ({ more, idOf }) =>
      more.kms.send(new ScheduleKeyDeletionCommand({ KeyId: idOf('TrailKey') })),
    mend: async ({ more, idOf }) => {
      await more.kms.send(new CancelKeyDeletionCommand({ KeyId: idOf('TrailKey') }));
      await more.kms.send(new EnableKeyCommand({ KeyId: idOf('TrailKey') }));
    },
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
