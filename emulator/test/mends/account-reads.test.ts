import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { callJson, callRest } from '../../aws-call.ts';
import { useEmulator } from '../fixture.ts';

const aws = useEmulator();

/** A call of a service for which no client is needed elsewhere in the emulator. */
const ask = async (service: string, target: string, input: object) =>
  (await callJson(aws.emulator, service, target, input)) as Record<string, unknown>;

const trail = (action: string, input: object) =>
  ask('cloudtrail', `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.${action}`, input);

const kms = (action: string, input: object) => ask('kms', `TrentService.${action}`, input);

test('a new trail logs management events', async () => {
  await callRest(aws.emulator, 's3', 'PUT', '/trail');
  await trail('CreateTrail', { Name: 'account', S3BucketName: 'trail' });
  expect(await trail('GetEventSelectors', { TrailName: 'account' })).toMatchObject({
    EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }],
  });
});

test('the quota of security groups is the one that the account is held to', async () => {
  const read = async () => {
    const asked = { ServiceCode: 'vpc', QuotaCode: 'L-E79EC296' };
    const answer = await ask('servicequotas', 'ServiceQuotasV20190624.GetServiceQuota', asked);
    return (answer.Quota as { readonly Value: number }).Value;
  };
  expect(await read()).toBe(2500);
  await aws.emulator.quotas({ securityGroups: 12 });
  expect(await read()).toBe(12);
});

test('an address is no subscriber before it has confirmed, and a queue is one at once', async () => {
  const { TopicArn } = await aws.sns.send(new CreateTopicCommand({ Name: 'topic' }));
  const subscribe = (Protocol: string, Endpoint: string) =>
    aws.sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }));
  await subscribe('email', 'oncall@example.com');
  await subscribe('sqs', 'arn:aws:sqs:us-east-1:123456789012:queue');
  const { Subscriptions = [] } = await aws.sns.send(
    new ListSubscriptionsByTopicCommand({ TopicArn }),
  );
  expect(Subscriptions.map(({ SubscriptionArn }) => SubscriptionArn)).toEqual([
    'PendingConfirmation',
    expect.stringMatching(/^arn:aws:sns:/),
  ]);
});

describe('a key that signs', () => {
  const makeKey = async (): Promise<string> => {
    const { KeyMetadata } = await kms('CreateKey', {
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    });
    return (KeyMetadata as { readonly KeyId: string }).KeyId;
  };
  const sign = (KeyId: string, more: object = {}) =>
    kms('Sign', {
      KeyId,
      Message: Buffer.alloc(32).toString('base64'),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
      ...more,
    });

  test('is tried without a signature', async () => {
    const keyId = await makeKey();
    expect(await sign(keyId)).toHaveProperty('Signature');
    await expect(sign(keyId, { DryRun: true })).rejects.toThrow(/would have succeeded/);
  });

  test('cannot be used while it is disabled, or is to be deleted', async () => {
    const keyId = await makeKey();
    await kms('DisableKey', { KeyId: keyId });
    await expect(sign(keyId)).rejects.toThrow(/is disabled/);
    await expect(kms('GetPublicKey', { KeyId: keyId })).rejects.toThrow(/is disabled/);
    await kms('ScheduleKeyDeletion', { KeyId: keyId });
    await expect(sign(keyId, { DryRun: true })).rejects.toThrow(/is pending deletion/);
  });
});
