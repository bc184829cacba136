import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import { codeOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { repeatRefusals } from '../repeat-refusals.ts';

const reasonsOf = (error: unknown): readonly (string | undefined)[] =>
  error instanceof TransactionCanceledException
    ? (error.CancellationReasons ?? []).map(({ Code }) => Code)
    : [];

/**
 * Whether nothing but another transaction had the item at that moment: several steps of a case put into its
 * outbox at once
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling).
 */
const isConflict = (error: unknown): boolean => {
  if (codeOf(error) === 'TransactionConflictException') return true;
  const reasons = reasonsOf(error).filter((one) => one !== 'None');
  return reasons.length > 0 && reasons.every((one) => one === 'TransactionConflict');
};

/** A client in the Region and with the credentials of the environment. */
export const makeDynamoDbClient = (log: Log, region?: string): DynamoDBClient => {
  const client = new DynamoDBClient({ ...clientConfiguration, ...defined({ region }) });
  return equip(repeatRefusals(client, isConflict), log);
};
