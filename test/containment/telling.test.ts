import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { publishedMessages } from '../../emulator/follow/published.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';
import { useScene } from './by-hand.ts';
import { makeGroups } from './make-groups.ts';

const accounts = useAccount();
const scenes = useScene();

/** A queue that gets what the stack's topic is told, by whomever. */
const listen = async ({ clients, stage }: Account): Promise<() => Promise<readonly string[]>> => {
  const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'listener' }));
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  await clients.sns.send(
    new SubscribeCommand({
      TopicArn: stage.deployed.physicalIds.NotificationTopic,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  return async () => {
    const { Messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }),
    );
    return Messages.map(({ Body }) => Body ?? '');
  };
};

describe('Silence is impossible', () => {
  // threat H4
  it('a failed execution is told of by its rule, without any code of Cordon', async () => {
    const account = await accounts.open();
    await makeGroups(account);
    const heard = await listen(account);
    const deny = { kind: 'denied', times: Number.POSITIVE_INFINITY } as const;
    const { traffic } = account.emulator;
    traffic.inject({ service: 'ec2', action: 'ModifyNetworkInterfaceAttribute', ...deny });
    // Even Cordon's own messages are refused.
    traffic.inject({ service: 'sns', action: 'Publish', ...deny });
    await containByEvent(account);
    const messages = await heard();
    expect(messages.some((text) => text.includes('ended FAILED'))).toBe(true);
  });

  it('a setting that is not understood is replaced by its default, and the message says so', async () => {
    const scene = await scenes.open({}, { CONNECTION_CUT: 'maybe' });
    const report = await scene.contain();
    expect(report).toMatchObject({ status: 'contained', cut: 'complete' });
    const risk = report.residualRisks.find((one) => one.risk === 'setting-not-understood');
    expect(risk?.explanation).toContain('CONNECTION_CUT is "maybe"');
    const [message] = publishedMessages(scene.emulator.traffic).slice(-1);
    expect(message?.text).toContain('CONNECTION_CUT is "maybe"');
  });

  it('the chat gets a thread of its own, in the form that the chat service understands', async () => {
    const scene = await scenes.open(
      {},
      { CHAT_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:chat' },
    );
    await scene.clients.sns.send(new CreateTopicCommand({ Name: 'chat' }));
    const report = await scene.contain();
    const chat = publishedMessages(scene.emulator.traffic)
      .filter(({ subject }) => subject === '')
      .map(({ text }) => JSON.parse(text) as { metadata: { threadId: string } });
    expect(chat.map(({ metadata }) => metadata.threadId)).toEqual([report.caseId, report.caseId]);
  });
});

describe('CloudTrail', () => {
  // fault B6
  it('can be filtered by the case: every call of a run bears it, and its log line the resource', async () => {
    const scene = await scenes.open();
    const { caseId } = await scene.contain();
    const { calls } = scene.emulator.traffic;
    const ofTheRun = calls.filter((call) => call.caseId !== undefined);
    expect(ofTheRun.length).toBeGreaterThan(30);
    expect(new Set(ofTheRun.map((call) => call.caseId))).toEqual(new Set([caseId]));
    const moved = scene.log.filter(
      ({ message, fields }) =>
        message === 'aws call' && fields.call === 'ModifyNetworkInterfaceAttribute',
    );
    expect(moved.length).toBeGreaterThan(0);
    for (const { fields } of moved) {
      expect(fields).toMatchObject({
        caseId,
        resource: expect.stringMatching(/^eni-/),
        requestId: expect.any(String),
      });
    }
  });
});

describe('Logs and metrics', () => {
  it('have a line per AWS call with case, step and request id, and the figures of the case', async () => {
    const account = await accounts.open();
    await containByEvent(account);
    const lines = account.log.flatMap((line) => {
      try {
        return [JSON.parse(line) as Record<string, unknown>];
      } catch {
        return [];
      }
    });
    const calls = lines.filter(({ message, step }) => message === 'aws call' && step !== undefined);
    expect(calls.length).toBeGreaterThan(40);
    for (const call of calls) {
      expect(call).toMatchObject({
        call: expect.any(String),
        step: expect.any(String),
        caseId: expect.stringContaining(account.world.suspectId),
        // What was given up before AWS answered has no id.
        ...(call.errorCode === undefined ? { requestId: expect.any(String) } : {}),
      });
    }
    const metrics = lines.filter((line) => '_aws' in line);
    expect(metrics).toContainEqual(
      expect.objectContaining({
        SecondsToIsolate: expect.any(Number),
        SecondsFromFinding: expect.any(Number),
        ControlsNotHolding: 0,
      }),
    );
    expect(metrics).toContainEqual(
      expect.objectContaining({ status: 'contained', CasesByStatus: 1 }),
    );
  });
});
