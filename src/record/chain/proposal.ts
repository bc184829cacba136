import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Table } from '../case-table/condition.ts';

const keyOf = (sha256: string) => ({ id: { S: `proposal#${sha256}` } });

/** Seconds after which the table forgets a proposal that came to nothing: 30 days. */
const kept = 30 * 86_400;

/**
 * Notes the signature of an object before it is put. Whoever puts it may be ended between the object and
 * its signature; then the next one finds the signature here, and signs nothing that it did not write.
 */
export const propose = async (
  { dynamoDb, tableName }: Table,
  sha256: string,
  signature: Uint8Array,
  now: Date,
): Promise<void> => {
  const expiresAt = String(Math.floor(now.getTime() / 1_000) + kept);
  await dynamoDb.send(
    new PutItemCommand({
      TableName: tableName,
      Item: { ...keyOf(sha256), signature: { B: signature }, expiresAt: { N: expiresAt } },
    }),
  );
};

/** The signature of an object that somebody proposed; undefined where nobody did. */
export const proposedSignature = async (
  { dynamoDb, tableName }: Table,
  sha256: string,
): Promise<Uint8Array | undefined> => {
  const { Item } = await dynamoDb.send(
    new GetItemCommand({ TableName: tableName, Key: keyOf(sha256), ConsistentRead: true }),
  );
  return Item?.signature?.B;
};

/** The object stands with its signature: the proposal has done its work. */
export const withdraw = async ({ dynamoDb, tableName }: Table, sha256: string): Promise<void> => {
  await dynamoDb.send(new DeleteItemCommand({ TableName: tableName, Key: keyOf(sha256) }));
};
