import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { GetItemCommand, paginateScan, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { Table } from '../case-table/condition.ts';

const keyPrefix = 'record#';

/** The key of what waits to be appended to the record of a case; every function may add to it. */
export const waitingKeyOf = (caseId: string): Record<string, AttributeValue> => ({
  id: { S: `${keyPrefix}${caseId}` },
});

const schema = z.object({ pending: z.object({ SS: z.array(z.string()) }) });

/** The ids of the batches that wait; reads them consistently. */
export const readWaiting = async (
  { dynamoDb, tableName: TableName }: Table,
  caseId: string,
): Promise<readonly string[]> => {
  const { Item } = await dynamoDb.send(
    new GetItemCommand({ TableName, Key: waitingKeyOf(caseId), ConsistentRead: true }),
  );
  return schema.safeParse(Item ?? {}).data?.pending.SS ?? [];
};

/** What the record has waits no longer. */
export const endWaiting = async (
  { dynamoDb, tableName: TableName }: Table,
  caseId: string,
  batches: readonly string[],
): Promise<void> => {
  if (batches.length === 0) return;
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName,
      Key: waitingKeyOf(caseId),
      UpdateExpression: 'DELETE pending :batches',
      ExpressionAttributeValues: { ':batches': { SS: [...batches] } },
    }),
  );
};

/** The cases of which something waits to be appended. */
export const casesWaiting = async ({ dynamoDb, tableName }: Table): Promise<readonly string[]> => {
  const cases: string[] = [];
  for await (const { Items = [] } of paginateScan(
    { client: dynamoDb },
    {
      TableName: tableName,
      FilterExpression: 'begins_with(id, :prefix) AND attribute_exists(pending)',
      ProjectionExpression: 'id',
      ExpressionAttributeValues: { ':prefix': { S: keyPrefix } },
    },
  )) {
    cases.push(...Items.flatMap(({ id }) => id?.S?.slice(keyPrefix.length) ?? []));
  }
  return cases;
};
