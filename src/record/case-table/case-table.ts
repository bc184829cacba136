import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { paginateScan, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Case } from '../../case/case.ts';
import type { CaseItem } from './case-item.ts';
import {
  askedStatus,
  heldStatus,
  openingStatus,
  readItem,
  refusedStatus,
  stoppedStatus,
} from './case-item.ts';
import type { Table } from './condition.ts';
import { anyEnded, ended, status, whetherTaken } from './condition.ts';
import { count, uncount } from './counters.ts';
import { instanceOf, keyOf } from './item-key.ts';
import { openItem } from './open-item.ts';
import { findItem, readItemPermissions } from './question-item.ts';
import { settleCase } from './settle-case.ts';

export const openPermissions = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:Scan',
  ...readItemPermissions,
] as const;

/**
 * One open case per instance, held by conditional writes: of several at the same time DynamoDB takes
 * one (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate).
 */
export interface CaseTable {
  /** Opens the case, or answers with the one that is open already. */
  open(theCase: Case, now: Date): Promise<'opened' | CaseItem>;
  /**
   * Begins the next run of a case, under this input; false where another intake did so at the same
   * time, or the case has ended.
   */
  beginRun(item: CaseItem, input: string): Promise<boolean>;
  /** Notes that the brake holds a case back; false where it has gone on or ended meanwhile. */
  hold(theCase: Case): Promise<boolean>;
  /** Writes how a case stands, unless it has ended or is another one by now. */
  settle(instanceId: string, caseId: string, status: string, isolatedAt?: string): Promise<void>;
  /** The cases that the brake holds back. */
  held(): Promise<readonly CaseItem[]>;
  /** The item of an instance; undefined where there is none. */
  find(instanceId: string): Promise<CaseItem | undefined>;
  /** Counts one more cut of an hour; false, and not counted, where the budget is used up. */
  count(budget: string, limit: number, now: Date): Promise<boolean>;
  /** Takes a counted cut back that was not made; false where there is none. */
  uncount(budget: string, now: Date): Promise<boolean>;
}

const beginRun = (
  { dynamoDb, tableName }: Table,
  { instanceId, caseId, runs }: CaseItem,
  input: string,
): Promise<boolean> =>
  whetherTaken(
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(instanceId),
        UpdateExpression: 'SET runs = :next, #status = :running, #input = :input',
        ConditionExpression: `caseId = :case AND runs = :runs AND NOT #status IN (${anyEnded})`,
        ExpressionAttributeNames: { ...status, '#input': 'input' },
        ExpressionAttributeValues: {
          ...ended,
          ':input': { S: input },
          ':case': { S: caseId },
          ':runs': { N: String(runs) },
          ':next': { N: String(runs + 1) },
          ':running': { S: 'running' },
        },
      }),
    ),
  );

const hold = ({ dynamoDb, tableName }: Table, theCase: Case): Promise<boolean> =>
  whetherTaken(
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(theCase.instanceId),
        UpdateExpression: 'SET #status = :held, #input = :input',
        ConditionExpression:
          'caseId = :case AND #status IN (:held, :opening, :asked, :refused, :stopped)',
        ExpressionAttributeNames: { ...status, '#input': 'input' },
        ExpressionAttributeValues: {
          ':case': { S: theCase.caseId },
          ':held': { S: heldStatus },
          ':opening': { S: openingStatus },
          ':asked': { S: askedStatus },
          ':refused': { S: refusedStatus },
          ':stopped': { S: stoppedStatus },
          ':input': { S: JSON.stringify(theCase) },
        },
      }),
    ),
  );

const held = async ({ dynamoDb, tableName }: Table): Promise<readonly CaseItem[]> => {
  const pages = paginateScan(
    { client: dynamoDb },
    {
      TableName: tableName,
      ConsistentRead: true,
      FilterExpression: '#status = :held',
      ExpressionAttributeNames: status,
      ExpressionAttributeValues: { ':held': { S: heldStatus } },
    },
  );
  const items: CaseItem[] = [];
  for await (const { Items = [] } of pages) {
    for (const attributes of Items) {
      const instanceId = instanceOf(attributes);
      const item = instanceId === undefined ? undefined : readItem(instanceId, attributes);
      if (item !== undefined) items.push(item);
    }
  }
  return items;
};

/** The table of a stack. */
export const caseTable = (dynamoDb: DynamoDBClient, tableName: string): CaseTable => {
  const table = { dynamoDb, tableName };
  return {
    open: (theCase, now) => openItem(table, theCase, now),
    held: () => held(table),
    beginRun: (item, input) => beginRun(table, item, input),
    hold: (theCase) => hold(table, theCase),
    settle: (instanceId, caseId, standing, isolatedAt) =>
      settleCase(table, instanceId, caseId, standing, isolatedAt),
    find: (instanceId) => findItem(table, instanceId),
    count: (budget, limit, now) => count(table, budget, limit, now),
    uncount: (budget, now) => uncount(table, budget, now),
  };
};
