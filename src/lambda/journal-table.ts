import { makeDynamoDbClient } from '../aws/client/dynamodb.ts';
import type { Log } from '../aws/log.ts';
import type { Table } from '../record/case-table/condition.ts';

let made: Table['dynamoDb'] | undefined;

/** The case table of the stack; without a name there is none. */
export const journalTable = (log: Log): Table => {
  made ??= makeDynamoDbClient(log);
  return { dynamoDb: made, tableName: process.env.CASE_TABLE ?? '' };
};
