import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Table } from './condition.ts';
import { anyEnded, ended, status, whetherTaken } from './condition.ts';
import { keyOf } from './item-key.ts';
import type { KnownCase } from './known-cases.ts';

export const reminderPermissions = ['dynamodb:UpdateItem'] as const;

/** An attribute as it was read: with this value, or absent. */
const asRead = (name: string, value: string | undefined) =>
  value === undefined
    ? { condition: `attribute_not_exists(${name})`, values: {} }
    : { condition: `${name} = :${name}`, values: { [`:${name}`]: { S: value } } };

/**
 * Notes that people are told now that nobody looks at a case.
 *
 * @returns false where another watch has noted it, somebody has taken the case, or it has ended since
 *   it was read: nobody is told then.
 */
export const noteReminder = (
  { dynamoDb, tableName }: Table,
  { instanceId, caseId, remindedAt, ownership }: KnownCase,
  now: Date,
): Promise<boolean> => {
  const reminded = asRead('remindedAt', remindedAt);
  const taken = asRead('takenAt', ownership?.takenAt);
  return whetherTaken(
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(instanceId),
        UpdateExpression: 'SET remindedAt = :now',
        ConditionExpression: `caseId = :case AND NOT #status IN (${anyEnded}) AND ${reminded.condition} AND ${taken.condition}`,
        ExpressionAttributeNames: status,
        ExpressionAttributeValues: {
          ...ended,
          ...reminded.values,
          ...taken.values,
          ':case': { S: caseId },
          ':now': { S: now.toISOString() },
        },
      }),
    ),
  );
};

/** Takes the note back, because the topic refused the message: the next check tells again. */
export const forgetReminder = async (
  { dynamoDb, tableName }: Table,
  { instanceId, remindedAt }: KnownCase,
  now: Date,
): Promise<void> => {
  const { update, values } =
    remindedAt === undefined
      ? { update: 'REMOVE remindedAt', values: {} }
      : { update: 'SET remindedAt = :before', values: { ':before': { S: remindedAt } } };
  await whetherTaken(
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(instanceId),
        UpdateExpression: update,
        ConditionExpression: 'remindedAt = :now',
        ExpressionAttributeValues: { ...values, ':now': { S: now.toISOString() } },
      }),
    ),
  );
};
