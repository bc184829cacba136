import type { ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Table } from './condition.ts';
import { status } from './condition.ts';
import { instanceOf } from './item-key.ts';

export const cutCasesPermissions = ['dynamodb:Scan'] as const;

/** A case whose instance is to be isolated. */
export interface CutCase {
  readonly instanceId: string;
  readonly caseId: string;
}

/** The cases of the table whose instances are to be isolated. */
export const cutCases = async ({ dynamoDb, tableName }: Table): Promise<readonly CutCase[]> => {
  const found: CutCase[] = [];
  let next: ScanCommandOutput['LastEvaluatedKey'];
  do {
    const { Items = [], LastEvaluatedKey }: ScanCommandOutput = await dynamoDb.send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        FilterExpression: '#status IN (:contained, :partial)',
        ExpressionAttributeNames: status,
        ExpressionAttributeValues: {
          ':contained': { S: 'contained' },
          ':partial': { S: 'partial' },
        },
        ExclusiveStartKey: next,
      }),
    );
    for (const { id, caseId } of Items) {
      const instanceId = instanceOf({ id });
      if (instanceId !== undefined && caseId?.S !== undefined) {
        found.push({ instanceId, caseId: caseId.S });
      }
    }
    next = LastEvaluatedKey;
  } while (next !== undefined);
  return found;
};
