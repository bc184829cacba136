import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/asking/ask.ts';
import { parseAskEvent } from '../../src/asking/ask-event.ts';
import { leaveOpen } from '../../src/asking/leave-open.ts';
import { QuestionSupersededError, UnintelligibleEventError } from '../../src/case/errors.ts';
import { questionOf } from '../../src/case/question.ts';
import { caseTable } from '../../src/record/case-table/case-table.ts';
import { fakeTable } from '../record/case-table/fake-table.ts';
import { denied } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';
import { aCase, instanceId } from '../steps/sample-instance.ts';

const theCase = aCase({ caseId: `20260301T030000Z-${instanceId}` });

const scene = async () => {
  const aws = fakeAws({ notificationTopicArn: 'arn:aws:sns:us-east-1:123456789012:cordon' });
  const items = fakeTable(aws, async () => {});
  const raw = { dynamoDb: aws.deps.clients.dynamoDb, tableName: 'cases' };
  const table = caseTable(raw.dynamoDb, raw.tableName);
  await table.open(theCase, aws.clock.now());
  aws.sns.on(PublishCommand).resolves({ MessageId: 'm' });
  const deps = { ...aws.deps, table: raw };
  const question = questionOf({ askTimeoutMinutes: 15, askDefault: 'contain' }, 'why');
  const common = { case: theCase, question, run: {} };
  const asked = (again = false) => ask(deps, { ...common, kind: 'ask', token: 't', again });
  const refused = () =>
    leaveOpen(deps, { ...common, kind: 'leave-open', answer: { answer: 'refuse', by: 'sam' } });
  return { aws, items, table, deps, common, asked, refused };
};

it('a question waits for its time in two halves, whatever that is', () => {
  const half = (askTimeoutMinutes: number) =>
    questionOf({ askTimeoutMinutes, askDefault: 'contain' }, 'why').halfSeconds;
  expect([15, 1, 1_440, 0.01].map(half)).toEqual([450, 30, 43_200, 1]);
});

describe('Asking', () => {
  it('notes until when it can be answered: the whole time at first, the other half when repeated', async () => {
    const { aws, items, asked } = await scene();
    const began = aws.clock.now().getTime();
    const until = () => Date.parse(items.get(`case#${instanceId}`)?.askedUntil?.S ?? '') - began;
    await asked();
    expect(until()).toBe(900_000);
    await asked(true);
    expect(until()).toBe(450_000);
  });

  it('is not done of a case that was contained meanwhile, and tells nobody', async () => {
    const { aws, table, asked } = await scene();
    await table.settle(instanceId, theCase.caseId, 'contained');
    await expect(asked(true)).rejects.toThrow(QuestionSupersededError);
    expect(aws.sns.commandCalls(PublishCommand)).toEqual([]);
  });

  it('fails where nobody could be told, so that the machine does not wait for nobody', async () => {
    const { aws, asked } = await scene();
    aws.sns.on(PublishCommand).rejects(denied());
    await expect(asked()).rejects.toThrow('refused the message');
  });
});

describe('A refusal', () => {
  it('is noted with who, told, and handed on for the trail', async () => {
    const { aws, items, asked, refused } = await scene();
    await asked();
    expect((await refused()).case.question).toMatchObject({ answer: 'refused', by: 'sam' });
    expect(items.get(`case#${instanceId}`)).toMatchObject({
      status: { S: 'refused' },
      refusedBy: { S: 'sam' },
    });
    expect(aws.sns.commandCalls(PublishCommand)).toHaveLength(2);
  });

  it('that comes after the cut is no refusal, and is not told as one', async () => {
    const { aws, table, asked, refused } = await scene();
    await asked();
    await table.settle(instanceId, theCase.caseId, 'contained');
    await expect(refused()).rejects.toThrow(QuestionSupersededError);
    expect(aws.sns.commandCalls(PublishCommand)).toHaveLength(1);
  });
});

it.each([
  undefined,
  {},
  { token: 't' },
  { ...{ token: 't', again: false, run: {} }, case: { ...theCase, caseId: 'another' } },
])('an event that the machine does not send is refused: %j', (event) => {
  expect(() => parseAskEvent(event)).toThrow(UnintelligibleEventError);
});
