import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { defined } from '../case/defined.ts';

/** The last object of the record of a case, as the case table knows it. */
export interface RecordHead {
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly head: string;
  readonly number: number;
  readonly versionId?: string;
}

const schema = z.object({
  head: z.object({ S: z.string() }),
  number: z.object({ N: z.string().check(z.regex(/^\d{1,9}$/)) }),
  versionId: z.optional(z.object({ S: z.string() })),
});

/**
 * Reads where the record of a case ends, as the case table has it now.
 *
 * @returns undefined where the table knows no record of the case.
 * @throws what DynamoDB answers where it cannot be read.
 */
export const readRecordHead = async (
  dynamoDb: DynamoDBClient,
  tableName: string,
  caseId: string,
): Promise<RecordHead | undefined> => {
  const { Item } = await dynamoDb.send(
    new GetItemCommand({
      TableName: tableName,
      Key: { id: { S: `record#${caseId}` } },
      ConsistentRead: true,
    }),
  );
  const { data } = schema.safeParse(Item);
  return data === undefined
    ? undefined
    : {
        head: data.head.S,
        number: Number(data.number.N),
        ...defined({ versionId: data.versionId?.S }),
      };
};
