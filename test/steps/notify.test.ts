import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Trigger } from '../../src/case/case.ts';
import { NotificationRefusedError } from '../../src/case/errors.ts';
import type { Status } from '../../src/case/judgement.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { notify } from '../../src/steps/notify.ts';
import { awsError } from './aws-error.ts';
import { defaultSettings, fakeAws } from './fake-aws.ts';
import { aCase, accountId, caseId, instanceId, region } from './sample-instance.ts';

const report = (status: Status, source: Trigger['source'] = 'guardduty'): CaseReport => ({
  caseId,
  instanceId,
  accountId,
  region,
  status,
  reason: 'Every network interface is isolated and every required control holds.',
  cut: 'complete',
  trigger: { ...aCase().trigger, source },
  startedAt: '2026-03-01T03:07:00.000Z',
  isolatedAt: '2026-03-01T03:07:02.000Z',
  secondsToIsolate: 2,
  steps: [],
  proof: [],
  residualRisks: [],
  undo: 'aws ec2 …',
});

const scene = (settings: Parameters<typeof fakeAws>[0] = {}) => {
  const aws = fakeAws(settings);
  aws.sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
  return aws;
};

describe('a report', () => {
  it('goes to the topic, once, with text for people and JSON for programs', async () => {
    const aws = scene();
    const { outcome, detail } = await notify(aws.deps, report('contained'));
    expect(outcome).toBe('done');
    expect(detail).toEqual({
      subject: `[Cordon] CONTAINED ${instanceId} in 2.0 s: Backdoor:EC2/C&CActivity.B`,
      messageId: 'm-1',
    });
    expect(aws.sns).toHaveReceivedCommandExactlyOnceWith(PublishCommand, {
      TopicArn: defaultSettings.notificationTopicArn,
      MessageStructure: 'json',
      Subject: detail.subject,
    });
    const body = JSON.parse(aws.sns.commandCalls(PublishCommand)[0]?.args[0].input.Message ?? '');
    expect(JSON.parse(body.sqs)).toEqual(report('contained'));
  });

  it('is in the log in any case', async () => {
    const aws = scene();
    await notify(aws.deps, report('failed'));
    expect(aws.log.line('case report')?.fields).toEqual({ caseId, report: report('failed') });
  });

  it('stays in the log without a topic, and the result says so', async () => {
    const aws = scene({ notificationTopicArn: '' });
    const { outcome, detail } = await notify(aws.deps, report('contained'));
    expect(outcome).toBe('skipped');
    expect(detail.unpublished).toMatch(/no topic/);
    expect(aws.log.line('no topic is set')?.fields).toMatchObject({ caseId });
  });

  // fault S9
  it('stands once in the log, whole, and not again in every line about the message', async () => {
    const refused = scene({ chatTopicArn: 'arn:aws:sns:eu-central-1:111122223333:chat' });
    refused.sns.on(PublishCommand).rejects(awsError('KMSAccessDeniedException'));
    await notify(refused.deps, report('contained')).catch(() => undefined);
    const untold = scene({ notificationTopicArn: '' });
    await notify(untold.deps, report('contained'));
    for (const { log } of [refused, untold]) {
      const others = log.lines.filter(({ message }) => message !== 'case report');
      expect(others.length).toBeGreaterThan(0);
      for (const line of others) expect(JSON.stringify(line).length).toBeLessThan(1_000);
    }
  });

  // fault S4
  it('can be filtered by status, severity, account, Region and instance', async () => {
    const aws = scene();
    await notify(aws.deps, report('failed'));
    const [call] = aws.sns.commandCalls(PublishCommand);
    const { accountId, region } = report('failed');
    expect(call?.args[0].input.MessageAttributes).toEqual({
      status: { DataType: 'String', StringValue: 'failed' },
      severity: { DataType: 'Number', StringValue: '8' },
      account: { DataType: 'String', StringValue: accountId },
      region: { DataType: 'String', StringValue: region },
      instance: { DataType: 'String', StringValue: instanceId },
    });
  });

  it('that the topic refuses is in the log, and the step fails with the topic in its message', async () => {
    const aws = scene();
    aws.sns.on(PublishCommand).rejects(awsError('KMSAccessDeniedException'));
    const running = notify(aws.deps, report('contained'));
    await expect(running).rejects.toThrow(NotificationRefusedError);
    await expect(running).rejects.toThrow(/on-call refused .*KMSAccessDenied/);
    expect(aws.log.line('the topic refused the message')?.fields).toMatchObject({ caseId });
  });
});

describe('the chat', () => {
  const chatTopicArn = 'arn:aws:sns:eu-central-1:111122223333:chat';

  it('has a message of its own, beside the one of the topic', async () => {
    const aws = scene({ chatTopicArn });
    expect((await notify(aws.deps, report('contained'))).detail.chat).toBe('sent');
    expect(aws.sns).toHaveReceivedCommandTimes(PublishCommand, 2);
    const [call] = aws.sns.commandCalls(PublishCommand, { TopicArn: chatTopicArn });
    expect(JSON.parse(call?.args[0].input.Message ?? '')).toMatchObject({
      version: '1.0',
      source: 'custom',
      metadata: { threadId: caseId },
    });
  });

  it('that refuses does not keep the on-call from being told', async () => {
    const aws = scene({ chatTopicArn });
    aws.sns.on(PublishCommand, { TopicArn: chatTopicArn }).rejects(awsError('NotFound'));
    const { outcome, detail } = await notify(aws.deps, report('contained'));
    expect(outcome).toBe('done');
    expect(detail.chat).toBe('refused');
  });

  it('that hangs does not keep the on-call waiting', async () => {
    const aws = scene({ chatTopicArn });
    let toldAt = -1;
    aws.sns
      .on(PublishCommand, { TopicArn: chatTopicArn })
      .callsFake(() => aws.clock.sleep(45_000).then(() => ({})));
    aws.sns
      .on(PublishCommand, { TopicArn: defaultSettings.notificationTopicArn })
      .callsFake(async () => {
        toldAt = aws.clock.elapsed;
        return {};
      });
    await notify(aws.deps, report('contained'));
    expect(toldAt).toBe(0);
  });

  it('hears nothing of a dry run by hand', async () => {
    const aws = scene({ chatTopicArn });
    await notify(aws.deps, report('planned', 'manual'));
    expect(aws.sns).not.toHaveReceivedAnyCommand();
  });
});

describe('a dry run', () => {
  it('by hand publishes nothing', async () => {
    const aws = scene();
    const { outcome, detail } = await notify(aws.deps, report('planned', 'manual'));
    expect(outcome).toBe('skipped');
    expect(detail.unpublished).toBeDefined();
    expect(aws.sns).not.toHaveReceivedAnyCommand();
  });

  it('of Mode=observe publishes what would have been done', async () => {
    const aws = scene();
    const { outcome, detail } = await notify(aws.deps, report('planned'));
    expect(outcome).toBe('done');
    expect(detail.subject).toContain('OBSERVED');
  });

  it('by hand that failed is told: somebody waits for an answer', async () => {
    const aws = scene();
    expect((await notify(aws.deps, report('failed', 'manual'))).outcome).toBe('done');
  });
});
