import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { keyOf } from './case-item.ts';
import type { Table } from './condition.ts';
import { anyEnded, ended, status, whetherTaken } from './condition.ts';

export const settlePermissions = ['dynamodb:UpdateItem'] as const;

/** Writes how a case stands, unless it has ended or is another one by now. */
export const settleCase = async (
  { dynamoDb, tableName }: Table,
  instanceId: string,
  caseId: string,
  standing: string,
): Promise<void> => {
  await whetherTaken(
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(instanceId),
        UpdateExpression: 'SET #status = :status',
        ConditionExpression: `caseId = :case AND NOT #status IN (${anyEnded})`,
        ExpressionAttributeNames: status,
        ExpressionAttributeValues: {
          ...ended,
          ':case': { S: caseId },
          ':status': { S: standing },
        },
      }),
    ),
  );
};
