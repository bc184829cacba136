import { ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { drift } from '../../src/watch/drift.ts';
import { awsError } from '../steps/aws-error.ts';
import { instanceId } from '../steps/sample-instance.ts';
import { driftScene } from './drift-scene.ts';

const caseId = `20260201T030000Z-${instanceId}`;

const item = (change: Record<string, { S: string }> = {}) => ({
  ...{ id: { S: `case#${instanceId}` }, caseId: { S: caseId }, status: { S: 'contained' } },
  ...{ input: { S: '{}' }, runs: { N: '1' }, openedAt: { S: '2026-02-01T03:00:00Z' } },
  ...change,
});

/** A watch over a table with these items; what the scene has of instances holds. */
const watching = (...pages: readonly (readonly ReturnType<typeof item>[])[]) => {
  const scene = driftScene();
  const { aws, deps } = scene;
  const answers = pages.map((Items, at) => ({
    Items: [...Items],
    ...(at === pages.length - 1 ? {} : { LastEvaluatedKey: { id: { S: String(at) } } }),
  }));
  aws.dynamoDb.on(ScanCommand).callsFake(async () => answers.shift());
  aws.dynamoDb.on(UpdateItemCommand).resolves({});
  const table = { dynamoDb: aws.deps.clients.dynamoDb, tableName: 'cases' };
  return { ...scene, check: () => drift({ ...deps, table }, { kind: 'check' }) };
};

describe('A case that nobody has looked at', () => {
  it('is found on the last page too, and told after it was noted', async () => {
    const { aws, check, messages } = watching([], [item()]);
    await check();
    expect(messages.map(({ subject }) => subject)).toEqual([
      expect.stringContaining(`OPEN CASE ${instanceId}: nobody has looked for`),
    ]);
    expect(aws.dynamoDb).toHaveReceivedCommandWith(UpdateItemCommand, {
      UpdateExpression: 'SET remindedAt = :now',
      ConditionExpression: expect.stringContaining('attribute_not_exists(remindedAt)'),
    });
  });

  it('is told by one of two watches: the other finds it noted', async () => {
    const { aws, check, messages } = watching([item()]);
    aws.dynamoDb.on(UpdateItemCommand).rejects(awsError('ConditionalCheckFailedException'));
    await check();
    expect(messages).toEqual([]);
  });

  it('is told again by the next check where the topic refused the message', async () => {
    const { aws, check } = watching([item()]);
    aws.sns.on(PublishCommand).rejects(awsError('AuthorizationError'));
    await expect(check()).rejects.toMatchObject({ name: 'NotificationRefusedError' });
    expect(aws.dynamoDb).toHaveReceivedCommandWith(UpdateItemCommand, {
      UpdateExpression: 'REMOVE remindedAt',
      ConditionExpression: 'remindedAt = :now',
    });
  });

  it.each(['released', 'closed'])('is not told where it is %s', async (status) => {
    const { check, messages } = watching([item({ status: { S: status } })]);
    await check();
    expect(messages).toEqual([]);
  });

  it('keeps no check from its work where the table cannot be read', async () => {
    const { aws, check } = watching();
    aws.dynamoDb.on(ScanCommand).rejects(awsError('AccessDeniedException'));
    expect((await check()).checked).toHaveLength(1);
  });
});
