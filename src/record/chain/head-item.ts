import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { GetItemCommand, paginateScan, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { defined } from '../../case/defined.ts';
import type { Table } from '../case-table/condition.ts';
import { whetherTaken } from '../case-table/condition.ts';
import type { RecordLink } from './record-object.ts';

const keyPrefix = 'record#';

/** The key of the record of a case in the case table. */
export const recordKeyOf = (caseId: string): Record<string, AttributeValue> => ({
  id: { S: `${keyPrefix}${caseId}` },
});

/** The last object of a record. */
export interface RecordHead extends RecordLink {
  /** The number of the object, from 1. */
  readonly number: number;
}

/** What the table knows of the record of a case. */
export interface HeadItem {
  /** Absent where no object was appended yet. */
  readonly head?: RecordHead;
  /** The batches that wait to be appended. */
  readonly pending: readonly string[];
  /** Those that were, as many of them as are remembered; the newest last. */
  readonly appended: readonly string[];
}

const text = z.object({ S: z.string() });

const headSchema = z.object({
  head: z.object({ S: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
  number: z.object({ N: z.string().check(z.regex(/^\d{1,9}$/)) }),
  objectKey: text,
  versionId: z.optional(text),
});

const namesSchema = z.object({
  pending: z.optional(z.object({ SS: z.array(z.string()) })),
  appended: z.optional(z.object({ L: z.array(text) })),
});

const headIn = (attributes: unknown): Pick<HeadItem, 'head'> => {
  const { data } = headSchema.safeParse(attributes);
  if (data === undefined) return {};
  return {
    head: {
      sha256: data.head.S,
      number: Number(data.number.N),
      key: data.objectKey.S,
      ...defined({ versionId: data.versionId?.S }),
    },
  };
};

/** What the table knows of the record of a case; reads it consistently. */
export const readHeadItem = async (
  { dynamoDb, tableName }: Table,
  caseId: string,
): Promise<HeadItem> => {
  const { Item } = await dynamoDb.send(
    new GetItemCommand({ TableName: tableName, Key: recordKeyOf(caseId), ConsistentRead: true }),
  );
  const { data } = namesSchema.safeParse(Item ?? {});
  return {
    ...headIn(Item),
    pending: data?.pending?.SS ?? [],
    appended: data?.appended?.L.map(({ S }) => S) ?? [],
  };
};

/**
 * So many of the batches that were appended are remembered, to be known if they come again: an item of the
 * table holds 400 KB (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html), and
 * a case may stay open for months.
 */
const remembered = 2_000;

/** What was appended becomes the head, unless somebody else has appended meanwhile; false then. */
export const moveHead = (
  { dynamoDb, tableName }: Table,
  caseId: string,
  { head: from, appended }: Pick<HeadItem, 'head' | 'appended'>,
  to: RecordHead,
  batches: readonly string[],
): Promise<boolean> => {
  const names = [...appended, ...batches].slice(-remembered).map((S) => ({ S }));
  const waitsNot = batches.length === 0 ? '' : ' DELETE pending :batches';
  const { versionId } = to;
  const version = versionId === undefined ? ' REMOVE versionId' : ', versionId = :version';
  return whetherTaken(
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: recordKeyOf(caseId),
        UpdateExpression: `SET caseId = :case, head = :head, #number = :number, objectKey = :key, appended = :appended${version}${waitsNot}`,
        ConditionExpression: from === undefined ? 'attribute_not_exists(head)' : 'head = :from',
        ExpressionAttributeNames: { '#number': 'number' },
        ExpressionAttributeValues: {
          ...(from === undefined ? {} : { ':from': { S: from.sha256 } }),
          ...(batches.length === 0 ? {} : { ':batches': { SS: [...batches] } }),
          ':case': { S: caseId },
          ':appended': { L: names },
          ':head': { S: to.sha256 },
          ':number': { N: String(to.number) },
          ':key': { S: to.key },
          ...(versionId === undefined ? {} : { ':version': { S: versionId } }),
        },
      }),
    ),
  );
};

/** What the record has already waits no longer: it was put once more after it had been appended. */
export const endWaiting = async (
  { dynamoDb, tableName }: Table,
  caseId: string,
  batches: readonly string[],
): Promise<void> => {
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: recordKeyOf(caseId),
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
