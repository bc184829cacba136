import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { unjournaled } from '../../aws/current-journal.ts';
import type { Table } from '../case-table/condition.ts';
import { waitingKeyOf } from '../chain/waiting-item.ts';
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

/** The batches and that they wait are written in one: neither is there without the other. */
const putParts = (
  { dynamoDb, tableName: TableName }: Table,
  caseId: string,
  parts: readonly Batch[],
): Promise<unknown> =>
  dynamoDb.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        ...parts.map((part) => ({
          Put: {
            TableName,
            Item: {
              ...outboxKeyOf(part.id),
              caseId: { S: part.caseId },
              at: { S: part.at },
              content: { B: packBatch(part) },
            },
            ConditionExpression: 'attribute_not_exists(id)',
          },
        })),
        {
          Update: {
            TableName,
            Key: waitingKeyOf(caseId),
            UpdateExpression: 'SET caseId = :case ADD pending :batches',
            ExpressionAttributeValues: {
              ':case': { S: caseId },
              ':batches': { SS: parts.map(({ id }) => id) },
            },
          },
        },
      ],
    }),
  );

/**
 * Those that are not there yet, where others are what was in the way: a try before this one has put them, or
 * its answer was lost. The transaction says so of each of its parts, in their order.
 */
const notThere = (error: unknown, parts: readonly Batch[]): readonly Batch[] => {
  const reasons =
    error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
  return parts.filter((_, at) => reasons[at]?.Code !== 'ConditionalCheckFailed');
};

const putOnce = async (table: Table, caseId: string, parts: readonly Batch[]): Promise<void> => {
  if (parts.length === 0) return;
  try {
    await putParts(table, caseId, parts);
  } catch (error) {
    const rest = notThere(error, parts);
    if (rest.length === parts.length) throw error;
    await putOnce(table, caseId, rest);
  }
};

/**
 * So many parts are put in one transaction, which takes 4 MB
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
 */
const together = 10;

/**
 * Puts what was noted where `ReportFunction` takes it from, which alone appends to records; once, however
 * often it is asked.
 *
 * @throws what DynamoDB answers where it does not take it.
 */
export const putIntoOutbox = (table: Table, ...batches: readonly Batch[]): Promise<void> =>
  unjournaled(async () => {
    for (const [caseId, some] of Map.groupBy(batches, (one) => one.caseId)) {
      const parts = some.flatMap(partsOf);
      for (let at = 0; at < parts.length; at += together) {
        await putOnce(table, caseId, parts.slice(at, at + together));
      }
    }
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
