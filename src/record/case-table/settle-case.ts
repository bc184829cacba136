import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../aws/clock.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import { inWords } from '../../aws/errors.ts';
import type { Log } from '../../aws/log.ts';
import { endedStatuses, heldStatus } from './case-item.ts';
import type { Table } from './condition.ts';
import { anyEnded, ended, status, whetherTaken } from './condition.ts';
import { keyOf } from './item-key.ts';

interface Settled {
  readonly instanceId: string;
  readonly caseId: string;
  readonly status: string;
  /** When isolation was read back; of several the first is kept. */
  readonly isolatedAt?: string;
}

export const settlePermissions = ['dynamodb:UpdateItem'] as const;

/** Writes how a case stands, unless it has ended or is another one by now. */
export const settleCase = async (
  { dynamoDb, tableName }: Table,
  instanceId: string,
  caseId: string,
  standing: string,
  isolatedAt?: string,
): Promise<void> => {
  // A case that the brake holds back ends with whatever case of the instance ends.
  const ends = endedStatuses.some((one) => one === standing);
  const which = ends ? '(caseId = :case OR #status = :held)' : 'caseId = :case';
  // What the flow logs have shown stands until the case ends (living-case.ts).
  const unless = standing === 'contained' ? ' AND attribute_not_exists(livingSince)' : '';
  await whetherTaken(
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(instanceId),
        UpdateExpression:
          isolatedAt === undefined
            ? 'SET #status = :status'
            : 'SET #status = :status, cutAt = if_not_exists(cutAt, :cut)',
        ConditionExpression: `${which} AND NOT #status IN (${anyEnded})${unless}`,
        ExpressionAttributeNames: status,
        ExpressionAttributeValues: {
          ...ended,
          ...(ends ? { ':held': { S: heldStatus } } : {}),
          ':case': { S: caseId },
          ':status': { S: standing },
          ...(isolatedAt === undefined ? {} : { ':cut': { S: isolatedAt } }),
        },
      }),
    ),
  );
};

/** How long a message or a release waits for the table, in milliseconds. */
const patience = 1_500;

/** The same beside other work: what the table does not take is logged, and delays nothing; false then. */
export const trySettleCase = async (
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  table: Table,
  { instanceId, caseId, status: standing, isolatedAt }: Settled,
): Promise<boolean> => {
  if (table.tableName === '') return false;
  try {
    await giveUpAfter(clock, patience, () =>
      settleCase(table, instanceId, caseId, standing, isolatedAt),
    );
    return true;
  } catch (error) {
    log.warn('the case table did not take how the case stands', { caseId, error: inWords(error) });
    return false;
  }
};
