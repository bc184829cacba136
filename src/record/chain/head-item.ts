import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { defined } from '../../case/defined.ts';
import type { Table } from '../case-table/condition.ts';
import { whetherTaken } from '../case-table/condition.ts';
import type { RecordLink } from './record-object.ts';

/** The key of the head of the record of a case: an item of its own, which `ReportFunction` alone may write. */
export const headKeyOf = (caseId: string): Record<string, AttributeValue> => ({
  id: { S: `head#${caseId}` },
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
  /** The batches that were appended, as many of them as are remembered; the newest last. */
  readonly appended: readonly string[];
  /** Since when nothing can be appended, because something lies in the way; ISO 8601. */
  readonly blockedSince?: string;
}

const text = z.object({ S: z.string() });

const headSchema = z.object({
  head: z.object({ S: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
  number: z.object({ N: z.string().check(z.regex(/^\d{1,9}$/)) }),
  objectKey: text,
  versionId: z.optional(text),
});

const moreSchema = z.object({
  appended: z.optional(z.object({ L: z.array(text) })),
  blockedSince: z.optional(text),
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
  { dynamoDb, tableName: TableName }: Table,
  caseId: string,
): Promise<HeadItem> => {
  const { Item } = await dynamoDb.send(
    new GetItemCommand({ TableName, Key: headKeyOf(caseId), ConsistentRead: true }),
  );
  const { data } = moreSchema.safeParse(Item ?? {});
  return {
    ...headIn(Item),
    appended: data?.appended?.L.map(({ S }) => S) ?? [],
    ...defined({ blockedSince: data?.blockedSince?.S }),
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
  { dynamoDb, tableName: TableName }: Table,
  caseId: string,
  { head: from, appended }: HeadItem,
  to: RecordHead,
  batches: readonly string[],
): Promise<boolean> => {
  const names = [...appended, ...batches].slice(-remembered).map((S) => ({ S }));
  const { versionId } = to;
  const version =
    versionId === undefined
      ? ' REMOVE versionId, blockedSince'
      : ', versionId = :version REMOVE blockedSince';
  return whetherTaken(
    dynamoDb.send(
      new UpdateItemCommand({
        TableName,
        Key: headKeyOf(caseId),
        UpdateExpression: `SET head = :head, #number = :number, objectKey = :key, appended = :appended${version}`,
        ConditionExpression: from === undefined ? 'attribute_not_exists(head)' : 'head = :from',
        ExpressionAttributeNames: { '#number': 'number' },
        ExpressionAttributeValues: {
          ...(from === undefined ? {} : { ':from': { S: from.sha256 } }),
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

/** Notes that nothing can be appended, so that whoever tells of the case says it, until something was. */
export const noteBlocked = async (
  { dynamoDb, tableName: TableName }: Table,
  caseId: string,
  now: Date,
): Promise<void> => {
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName,
      Key: headKeyOf(caseId),
      UpdateExpression: 'SET blockedSince = if_not_exists(blockedSince, :now)',
      ExpressionAttributeValues: { ':now': { S: now.toISOString() } },
    }),
  );
};
