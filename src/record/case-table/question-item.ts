import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Case } from '../../case/case.ts';
import { refusalLasts } from '../../case/question.ts';
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
import { status, whetherTaken } from './condition.ts';
import { keyOf } from './item-key.ts';

export const readItemPermissions = ['dynamodb:GetItem'] as const;

/** The item of an instance; undefined where there is none. */
export const findItem = async (
  { dynamoDb, tableName }: Table,
  instanceId: string,
): Promise<CaseItem | undefined> => {
  const { Item } = await dynamoDb.send(
    new GetItemCommand({ TableName: tableName, Key: keyOf(instanceId), ConsistentRead: true }),
  );
  return readItem(instanceId, Item);
};

export interface WaitingQuestion {
  readonly token: string;
  readonly until: Date;
  /** True when the question is repeated: then it must still be waiting. */
  readonly again: boolean;
}

/** A question begins only where nobody was cut: by its own run, which ends with it, or before any. */
const mayBeAsked = [
  ...[openingStatus, heldStatus, 'running', 'failed'],
  ...[refusedStatus, askedStatus, stoppedStatus],
];

/** It is repeated where nobody decided meanwhile, also where the table did not take it the first time. */
const mayBeAskedAgain = [askedStatus, openingStatus, 'failed', stoppedStatus];

/** Statuses under which there is nothing left to ask. */
const decided = [
  ...['contained', 'partial', 'releasing', 'release-incomplete', 'released', 'closed'],
  ...[heldStatus, refusedStatus],
];

/**
 * Notes how the question of a case is answered.
 *
 * @returns `noted`; `superseded` where the case was contained or has ended meanwhile; `unknown` where
 *   the table knows another case of the instance, or none: then it cannot be answered by the table.
 */
export const noteQuestion = async (
  { dynamoDb, tableName }: Table,
  theCase: Case,
  { token, until, again }: WaitingQuestion,
): Promise<'noted' | 'superseded' | 'unknown'> => {
  const { instanceId, caseId } = theCase;
  const statuses = again ? mayBeAskedAgain : mayBeAsked;
  const names = statuses.map((one) => `:${one}`);
  try {
    await dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(instanceId),
        UpdateExpression:
          'SET #status = :asked, #token = :token, askedUntil = :until, #input = :input',
        ConditionExpression: `caseId = :case AND #status IN (${names.join(', ')})`,
        ExpressionAttributeNames: { ...status, '#token': 'token', '#input': 'input' },
        ExpressionAttributeValues: {
          ...Object.fromEntries(statuses.map((one) => [`:${one}`, { S: one }])),
          ':asked': { S: askedStatus },
          ':case': { S: caseId },
          ':token': { S: token },
          ':input': { S: JSON.stringify(theCase) },
          ':until': { S: until.toISOString() },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return 'noted';
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const item = readItem(instanceId, error.Item);
    return item?.caseId === caseId && decided.includes(item.status) ? 'superseded' : 'unknown';
  }
};

/** Notes that a person refused, for an hour and for nothing more severe; false where it was too late. */
export const noteRefusal = (
  { dynamoDb, tableName }: Table,
  { instanceId, caseId, trigger }: Pick<Case, 'instanceId' | 'caseId' | 'trigger'>,
  by: string,
  now: Date,
): Promise<boolean> =>
  whetherTaken(
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(instanceId),
        UpdateExpression:
          'SET #status = :refused, refusedUntil = :until, refusedSeverity = :severity, refusedBy = :by',
        ConditionExpression: 'caseId = :case AND #status = :asked',
        ExpressionAttributeNames: status,
        ExpressionAttributeValues: {
          ':asked': { S: askedStatus },
          ':case': { S: caseId },
          ':refused': { S: refusedStatus },
          ':until': { S: new Date(now.getTime() + refusalLasts).toISOString() },
          // A severity that is unknown covers nothing that has one.
          ':severity': { N: String(trigger.severity ?? 0) },
          ':by': { S: by },
        },
      }),
    ),
  );
