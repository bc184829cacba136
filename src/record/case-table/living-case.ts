import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Table } from './condition.ts';
import { anyEnded, ended, status, whetherTaken } from './condition.ts';
import { keyOf } from './item-key.ts';

export const livingPermissions = ['dynamodb:UpdateItem'] as const;

/**
 * Notes that a connection was seen after the cut. From then on nobody settles the case as contained: the
 * message about its snapshots, which comes later, knows nothing of this (settle-case.ts).
 *
 * @returns false where the case has ended, or is another one by now.
 */
export const noteLiving = (
  { dynamoDb, tableName }: Table,
  instanceId: string,
  caseId: string,
  seenAt: string,
): Promise<boolean> =>
  whetherTaken(
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(instanceId),
        UpdateExpression: 'SET #status = :partial, livingSince = if_not_exists(livingSince, :seen)',
        ConditionExpression: `caseId = :case AND NOT #status IN (${anyEnded})`,
        ExpressionAttributeNames: status,
        ExpressionAttributeValues: {
          ...ended,
          ':case': { S: caseId },
          ':partial': { S: 'partial' },
          ':seen': { S: seenAt },
        },
      }),
    ),
  );
