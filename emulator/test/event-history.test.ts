import type { LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  CreateTagsCommand,
  CreateVpcCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CreateUserCommand } from '@aws-sdk/client-iam';
import { CreateTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { enforcePolicies } from '../deploy/enforce-policies.ts';
import { clientConfiguration } from '../world/world-clients.ts';
import { useEmulator } from './fixture.ts';

const aws = useEmulator();

const lookUp = (input: LookupEventsCommandInput = {}) =>
  new CloudTrailClient({ ...clientConfiguration(aws.emulator), maxAttempts: 1 }).send(
    new LookupEventsCommand(input),
  );

type Attribute = NonNullable<LookupEventsCommandInput['LookupAttributes']>[number];

const by = (AttributeKey: Attribute['AttributeKey'], AttributeValue: string) => ({
  LookupAttributes: [{ AttributeKey, AttributeValue }],
});

const namesOf = async (input?: LookupEventsCommandInput) =>
  (await lookUp(input)).Events?.map(({ EventName }) => EventName);

const makeVpc = async () => {
  const { Vpc, $metadata } = await aws.ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  return { vpcId: Vpc?.VpcId ?? '', requestId: $metadata.requestId };
};

const tag = (vpcId: string, client = aws.ec2) =>
  client.send(
    new CreateTagsCommand({ Resources: [vpcId], Tags: [{ Key: 'k', Value: 'sg-0123456789' }] }),
  );

describe('LookupEvents', () => {
  test('tells a management call with its request id, who made it, and from where', async () => {
    const { vpcId } = await makeVpc();
    const { $metadata } = await tag(vpcId);
    const { Events = [] } = await lookUp(by('ResourceName', vpcId));
    expect(Events).toMatchObject([
      {
        EventName: 'CreateTags',
        EventSource: 'ec2.amazonaws.com',
        ReadOnly: 'false',
        Username: 'moto',
        AccessKeyId: 'emulator',
        // What a tag says is no resource of the call.
        Resources: [{ ResourceType: 'AWS::EC2::VPC', ResourceName: vpcId }],
      },
    ]);
    expect(Math.abs(Date.now() - (Events[0]?.EventTime?.getTime() ?? 0))).toBeLessThan(60_000);
    expect(JSON.parse(Events[0]?.CloudTrailEvent ?? '')).toMatchObject({
      eventVersion: '1.11',
      eventName: 'CreateTags',
      requestID: $metadata.requestId,
      eventID: Events[0]?.EventId,
      sourceIPAddress: '127.0.0.1',
      userAgent: expect.stringContaining('aws-sdk-js'),
      userIdentity: { accountId: aws.emulator.accountId, accessKeyId: 'emulator' },
      requestParameters: { 'resourceId.1': vpcId },
      readOnly: false,
    });
  });

  test('has refused calls with their code, and those whose answer was lost', async () => {
    const once = new EC2Client({ ...clientConfiguration(aws.emulator), maxAttempts: 1 });
    const codes = async () =>
      (await lookUp(by('EventName', 'CreateTags'))).Events?.map(
        ({ CloudTrailEvent = '' }) => JSON.parse(CloudTrailEvent).errorCode,
      );
    const { vpcId } = await makeVpc();
    await expect(tag('vpc-0123456789abcdef0')).rejects.toThrow();
    const kinds = ['denied', 'throttle', 'lost-answer', 'timeout', 'connection-reset'] as const;
    for (const kind of kinds) {
      aws.emulator.traffic.inject({ service: 'ec2', action: 'CreateTags', times: 1, kind });
      const requestHandler = { requestTimeout: 200, throwOnRequestTimeout: true };
      const patient = new EC2Client({
        ...clientConfiguration(aws.emulator),
        ...{ maxAttempts: 1, requestHandler },
      });
      await expect(tag(vpcId, kind === 'timeout' ? patient : once)).rejects.toThrow();
    }
    expect(await codes()).toEqual([
      undefined,
      'Client.RequestLimitExceeded',
      'Client.UnauthorizedOperation',
      'Client.InvalidVpcID.NotFound',
    ]);
  });

  test('has no data events', async () => {
    const { TopicArn } = await aws.sns.send(new CreateTopicCommand({ Name: 'told' }));
    await aws.sns.send(new PublishCommand({ TopicArn, Message: 'x' }));
    await aws.iam.send(new CreateUserCommand({ UserName: 'eve' }));
    expect(await namesOf()).toEqual(['CreateUser', 'CreateTopic']);
  });

  test('filters by one attribute and by time, the newest first, page by page', async () => {
    const { vpcId } = await makeVpc();
    await aws.ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }));
    await tag(vpcId);
    expect(await namesOf(by('ReadOnly', 'true'))).toEqual(['DescribeVpcs']);
    expect(await namesOf(by('EventSource', 'ec2.amazonaws.com'))).toEqual([
      'CreateTags',
      'DescribeVpcs',
      'CreateVpc',
    ]);
    expect(await namesOf(by('ResourceType', 'AWS::EC2::VPC'))).toEqual([
      'CreateTags',
      'DescribeVpcs',
    ]);
    expect(await namesOf(by('Username', 'nobody'))).toEqual([]);
    expect(await namesOf({ EndTime: new Date(Date.now() - 60_000) })).toEqual([]);
    const ofVpc = { ...by('ResourceName', vpcId), MaxResults: 1 };
    const first = await lookUp(ofVpc);
    expect(first.Events?.map(({ EventName }) => EventName)).toEqual(['CreateTags']);
    const second = await lookUp({ ...ofVpc, NextToken: first.NextToken });
    expect(second.Events?.map(({ EventName }) => EventName)).toEqual(['DescribeVpcs']);
    expect(second.NextToken).toBeUndefined();
    await expect(
      lookUp({ ...by('ResourceName', 'other'), MaxResults: 1, NextToken: first.NextToken }),
    ).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
  });

  test.each<[string, LookupEventsCommandInput]>([
    [
      'InvalidLookupAttributesException',
      {
        LookupAttributes: [
          { AttributeKey: 'EventName', AttributeValue: 'CreateTags' },
          { AttributeKey: 'Username', AttributeValue: 'moto' },
        ],
      },
    ],
    ['InvalidLookupAttributesException', by('Who' as 'EventName', 'moto')],
    ['InvalidMaxResultsException', { MaxResults: 51 }],
    ['InvalidMaxResultsException', { MaxResults: 0 }],
    ['InvalidTimeRangeException', { StartTime: new Date(2_000), EndTime: new Date(1_000) }],
    ['InvalidEventCategoryException', { EventCategory: 'all' as 'insight' }],
  ])('refuses with %s what AWS does not take', async (name, input) => {
    await expect(lookUp(input)).rejects.toMatchObject({ name });
  });

  test('shows events as late as the test wants, and none of before a reset', async () => {
    const { vpcId } = await makeVpc();
    aws.emulator.eventDelay(60_000);
    expect(await namesOf()).toEqual([]);
    aws.emulator.eventDelay(0);
    expect(await namesOf(by('EventName', 'CreateVpc'))).toEqual(['CreateVpc']);
    expect(vpcId).not.toBe('');
    // The record of the calls can be emptied without it: CloudTrail forgets nothing.
    aws.emulator.traffic.clear();
    expect(await namesOf(by('EventName', 'CreateVpc'))).toEqual(['CreateVpc']);
    await aws.emulator.reset();
    expect(await namesOf()).toEqual([]);
  });

  test('names the session of a role, and refuses a role that may not ask', async () => {
    const { Reader } = await enforcePolicies(aws.emulator, { Reader: ['ec2:DescribeVpcs'] });
    const configuration = {
      ...clientConfiguration(aws.emulator),
      credentials: {
        accessKeyId: Reader?.AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: Reader?.AWS_SECRET_ACCESS_KEY ?? '',
        sessionToken: Reader?.AWS_SESSION_TOKEN ?? '',
      },
    };
    await new EC2Client(configuration).send(new DescribeVpcsCommand({}));
    await expect(
      new CloudTrailClient(configuration).send(new LookupEventsCommand({})),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const { Events = [] } = await lookUp(by('Username', 'Reader'));
    expect(Events.map(({ EventName }) => EventName)).toContain('DescribeVpcs');
    expect(JSON.parse(Events.at(-1)?.CloudTrailEvent ?? '').userIdentity).toMatchObject({
      type: 'AssumedRole',
      arn: expect.stringMatching(/:assumed-role\/enforced-[^/]+\/Reader$/),
      sessionContext: { sessionIssuer: { type: 'Role' } },
    });
  });

  test('is throttled beyond two calls a second where the rates hold', async () => {
    aws.emulator.traffic.rates(true, () => 0);
    await lookUp();
    await lookUp();
    await expect(lookUp()).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});
