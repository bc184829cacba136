import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { codeOf } from './errors.ts';

const reasonsOf = (error: unknown): readonly (string | undefined)[] =>
  error instanceof TransactionCanceledException
    ? (error.CancellationReasons ?? []).map(({ Code }) => Code)
    : [];

/** Whether the same call would be taken in a moment: nothing but a transaction under way is in its way. */
const isConflict = (error: unknown): boolean => {
  if (codeOf(error) === 'TransactionConflictException') return true;
  const reasons = reasonsOf(error).filter((one) => one !== 'None');
  return reasons.length > 0 && reasons.every((one) => one === 'TransactionConflict');
};

/**
 * Has the client repeat what DynamoDB refused because another transaction had the item at that moment, with
 * the pauses and as often as anything else that passes: several steps of a case put into its outbox at once.
 * The SDK does not count such refusals among those
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling).
 */
export const repeatConflicts = (client: DynamoDBClient): DynamoDBClient => {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw isConflict(error) ? Object.assign(error as Error, { $retryable: {} }) : error;
      }
    },
    // Around what reads the answer, and within what repeats the call.
    { step: 'deserialize', priority: 'high', name: 'cordonRepeatConflicts', override: true },
  );
  return client;
};
