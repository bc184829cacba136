import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Case } from '../../case/case.ts';
import type { CaseItem } from './case-item.ts';
import { newItem, readItem } from './case-item.ts';
import type { Table } from './condition.ts';
import { anyEnded, ended, status } from './condition.ts';

/** Opens the case, or answers with the one that is open already. */
export const openItem = async (
  { dynamoDb, tableName }: Table,
  theCase: Case,
  now: Date,
): Promise<'opened' | CaseItem> => {
  try {
    await dynamoDb.send(
      new PutItemCommand({
        TableName: tableName,
        Item: newItem(theCase, now),
        ConditionExpression: `attribute_not_exists(id) OR #status IN (${anyEnded})`,
        ExpressionAttributeNames: status,
        ExpressionAttributeValues: ended,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return 'opened';
  } catch (error) {
    const item =
      error instanceof ConditionalCheckFailedException
        ? readItem(theCase.instanceId, error.Item)
        : undefined;
    if (item === undefined) throw error;
    return item;
  }
};
