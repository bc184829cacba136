import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { defined } from '../../case/defined.ts';
import type { Ownership } from '../../case/review.ts';
import type { Table } from './condition.ts';
import { anyEnded, ended, status } from './condition.ts';
import { keyOf } from './item-key.ts';
import type { KnownCase } from './known-cases.ts';
import { readKnownCase } from './known-cases.ts';

/** What became of taking a case: how it was before, or how it is where it can be taken no more. */
export interface Taking {
  readonly taken: boolean;
  /** Undefined where the table knows no case of the instance. */
  readonly before: KnownCase | undefined;
}

/** A case that was taken anew keeps nothing of who had it before. */
const expressionOf = ({ reason, reviewAt }: Ownership): string => {
  const set = ['#owner = :owner', 'takenAt = :at'];
  const remove = ['remindedAt'];
  if (reason === undefined) remove.push('takenReason');
  else set.push('takenReason = :reason');
  if (reviewAt === undefined) remove.push('reviewAt');
  else set.push('reviewAt = :review');
  return `SET ${set.join(', ')} REMOVE ${remove.join(', ')}`;
};

/**
 * Writes who looks after a case from now on, in one update: the case must be the open one of its
 * instance. Whoever takes it last has it.
 */
export const takeCase = async (
  { dynamoDb, tableName }: Table,
  { instanceId, caseId }: Pick<KnownCase, 'instanceId' | 'caseId'>,
  ownership: Ownership,
): Promise<Taking> => {
  const { owner, takenAt, reason, reviewAt } = ownership;
  try {
    const { Attributes } = await dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(instanceId),
        UpdateExpression: expressionOf(ownership),
        ConditionExpression: `caseId = :case AND NOT #status IN (${anyEnded})`,
        ExpressionAttributeNames: { ...status, '#owner': 'owner' },
        ExpressionAttributeValues: {
          ...ended,
          ':case': { S: caseId },
          ':owner': { S: owner },
          ':at': { S: takenAt },
          ...defined({
            ':reason': reason === undefined ? undefined : { S: reason },
            ':review': reviewAt === undefined ? undefined : { S: reviewAt },
          }),
        },
        ReturnValues: 'ALL_OLD',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { taken: true, before: readKnownCase(instanceId, Attributes) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { taken: false, before: readKnownCase(instanceId, error.Item) };
  }
};
