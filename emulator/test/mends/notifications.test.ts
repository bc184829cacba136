import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import { eventually, useEmulator } from '../fixture.ts';

const aws = useEmulator();
let TopicArn: string;

beforeEach(async () => {
  const topic = await aws.sns.send(new CreateTopicCommand({ Name: 'topic' }));
  TopicArn = topic.TopicArn ?? '';
});

const publish = (more: object) =>
  aws.sns.send(new PublishCommand({ TopicArn, Message: 'text', ...more }));

test.each(['true', 'false'])('a queue gets the sqs part (raw: %s)', async (RawMessageDelivery) => {
  const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: 'queue' }));
  await aws.sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:us-east-1:123456789012:queue',
      Attributes: { RawMessageDelivery },
    }),
  );
  await publish({
    Subject: '[Cordon] CONTAINED',
    MessageStructure: 'json',
    Message: JSON.stringify({ default: 'plain', sqs: '{"caseId":"c"}' }),
  });
  const { Messages } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const body = JSON.parse(Messages?.[0]?.Body ?? '');
  expect(RawMessageDelivery === 'true' ? body : JSON.parse(body.Message)).toEqual({ caseId: 'c' });
});

test('a function gets the lambda part in a record', async () => {
  const invoked: unknown[] = [];
  aws.emulator.onInvoke(async (name, event) => {
    invoked.push({ name, event });
    return { payload: null };
  });
  await aws.sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'lambda',
      Endpoint: 'arn:aws:lambda:us-east-1:123456789012:function:chat',
    }),
  );
  await publish({
    Subject: 's',
    MessageStructure: 'json',
    Message: JSON.stringify({ default: 'plain', lambda: 'for functions' }),
  });
  expect(await eventually(async () => invoked[0])).toMatchObject({
    name: 'chat',
    event: { Records: [{ Sns: { Message: 'for functions', Subject: 's' } }] },
  });
});

describe('what is refused', () => {
  test.each([
    ['a subject of 100 characters', { Subject: 'x'.repeat(100) }],
    ['a subject with a line break', { Subject: 'a\nb' }],
    ['a subject that is not ASCII', { Subject: 'Ä' }],
    ['an empty message', { Message: '' }],
    ['a message over 256 KB', { Message: 'x'.repeat(262_145) }],
    ['a structure without default', { MessageStructure: 'json', Message: '{"sqs":"x"}' }],
    ['a structure with an object', { MessageStructure: 'json', Message: '{"default":{}}' }],
    ['a structure that is no JSON', { MessageStructure: 'json', Message: 'x' }],
  ])('%s', async (_, input) => {
    await expect(publish(input)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('but not a subject of 99 characters', async () => {
    await expect(publish({ Subject: 'x'.repeat(99) })).resolves.toBeDefined();
  });
});
