import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Table } from './condition.ts';
import { whetherTaken } from './condition.ts';

/** How long a counter is kept, in seconds: two hours, so that the hour that it counts is over. */
const counterSeconds = 7_200;

/** `2026-11-20T03` */
const hourOf = (now: Date): string => now.toISOString().slice(0, 13);

const keyOf = (budget: string, now: Date) => ({ id: { S: `brake#${budget}#${hourOf(now)}` } });

/** Counts one more cut of an hour; false, and not counted, where the budget is used up. */
export const count = (
  { dynamoDb, tableName }: Table,
  budget: string,
  limit: number,
  now: Date,
): Promise<boolean> =>
  whetherTaken(
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(budget, now),
        UpdateExpression: 'SET expiresAt = :expires ADD cuts :one',
        ConditionExpression: 'attribute_not_exists(cuts) OR cuts < :limit',
        ExpressionAttributeValues: {
          ':one': { N: '1' },
          ':limit': { N: String(limit) },
          ':expires': { N: String(Math.floor(now.getTime() / 1_000) + counterSeconds) },
        },
      }),
    ),
  );

/** Takes one counted cut back, where another budget did not allow it; false where there is none. */
export const uncount = (
  { dynamoDb, tableName }: Table,
  budget: string,
  now: Date,
): Promise<boolean> =>
  whetherTaken(
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(budget, now),
        UpdateExpression: 'ADD cuts :minusOne',
        ConditionExpression: 'cuts > :none',
        ExpressionAttributeValues: { ':minusOne': { N: '-1' }, ':none': { N: '0' } },
      }),
    ),
  );
