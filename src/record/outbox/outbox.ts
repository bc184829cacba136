import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { unjournaled } from '../../aws/current-journal.ts';
import type { Table } from '../case-table/condition.ts';
import { recordKeyOf } from '../chain/head-item.ts';
import type { Batch } from '../journal/batch.ts';
import { packBatch, unpackBatch } from '../journal/batch.ts';

export const outboxPermissions = ['dynamodb:PutItem', 'dynamodb:UpdateItem'] as const;

const outboxKeyOf = (batchId: string): Record<string, AttributeValue> => ({
  id: { S: `outbox#${batchId}` },
});

/**
 * The longest part of a packed batch that one item holds, in bytes: DynamoDB takes 400 KB with the names
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
 */
const longestPart = 350_000;

/** A batch in parts that an item can hold: entries are divided, and the parts are batches themselves. */
const partsOf = (batch: Batch): readonly Batch[] => {
  const { entries } = batch;
  if (entries.length < 2 || packBatch(batch).length <= longestPart) return [batch];
  const middle = Math.ceil(entries.length / 2);
  return [
    ...partsOf({ ...batch, id: `${batch.id}-a`, entries: entries.slice(0, middle) }),
    ...partsOf({ ...batch, id: `${batch.id}-b`, entries: entries.slice(middle) }),
  ];
};

/** The batch and that it waits are written in one: neither is there without the other. */
const putPart = ({ dynamoDb, tableName: TableName }: Table, batch: Batch): Promise<unknown> =>
  dynamoDb.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        {
          Put: {
            TableName,
            Item: {
              ...outboxKeyOf(batch.id),
              caseId: { S: batch.caseId },
              at: { S: batch.at },
              content: { B: packBatch(batch) },
            },
            ConditionExpression: 'attribute_not_exists(id)',
          },
        },
        {
          Update: {
            TableName,
            Key: recordKeyOf(batch.caseId),
            UpdateExpression: 'SET caseId = :case ADD pending :batch',
            ExpressionAttributeValues: {
              ':case': { S: batch.caseId },
              ':batch': { SS: [batch.id] },
            },
          },
        },
      ],
    }),
  );

/** A try before this one has put it, or its answer was lost: the first part of the transaction says so. */
const liesThere = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed';

const putOnce = async (table: Table, batch: Batch): Promise<void> => {
  try {
    await putPart(table, batch);
  } catch (error) {
    if (!liesThere(error)) throw error;
  }
};

/**
 * Puts what was noted where `ReportFunction` takes it from, which alone appends to the record; once, however
 * often it is asked.
 *
 * @throws what DynamoDB answers where it does not take it.
 */
export const putIntoOutbox = (table: Table, batch: Batch): Promise<void> =>
  unjournaled(async () => {
    for (const part of partsOf(batch)) await putOnce(table, part);
  });

/** DynamoDB gives so many items at a time. */
const width = 100;

/** The batches that wait, as far as they are there and readable. */
export const readOutbox = async (
  { dynamoDb, tableName }: Table,
  ids: readonly string[],
): Promise<readonly Batch[]> => {
  const batches: Batch[] = [];
  let wanted = ids.map(outboxKeyOf);
  while (wanted.length > 0) {
    const { Responses = {}, UnprocessedKeys = {} } = await dynamoDb.send(
      new BatchGetItemCommand({
        RequestItems: { [tableName]: { Keys: wanted.slice(0, width), ConsistentRead: true } },
      }),
    );
    const found = Responses[tableName] ?? [];
    batches.push(
      ...found.flatMap(({ content }) => unpackBatch(content?.B ?? new Uint8Array()) ?? []),
    );
    wanted = [...(UnprocessedKeys[tableName]?.Keys ?? []), ...wanted.slice(width)];
  }
  return batches;
};

/** Takes away what the record has; what is left behind is listed nowhere, and harms nobody. */
export const clearOutbox = async (
  { dynamoDb, tableName: TableName }: Table,
  ids: readonly string[],
): Promise<void> => {
  await Promise.allSettled(
    ids.map((id) => dynamoDb.send(new DeleteItemCommand({ TableName, Key: outboxKeyOf(id) }))),
  );
};
