import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { codeOf } from '../../aws/errors.ts';
import { endedStatuses } from './case-item.ts';

/** The table of a stack. */
export interface Table {
  readonly dynamoDb: DynamoDBClient;
  readonly tableName: string;
}

const isRefusedByCondition = (error: unknown): boolean =>
  codeOf(error) === 'ConditionalCheckFailedException';

export const status = { '#status': 'status' } as const;
export const ended = Object.fromEntries(
  endedStatuses.map((one) => [`:${one}`, { S: one }] as const),
);
export const anyEnded = endedStatuses.map((one) => `:${one}`).join(', ');

/** Whether the condition of a write held. */
export const whetherTaken = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if (isRefusedByCondition(error)) return false;
    throw error;
  }
};
