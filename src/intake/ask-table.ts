import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import type { TakingUp } from './taking-up.ts';

/** A finding waits for the table no longer than this, in milliseconds; DynamoDB answers within ten. */
const patience = 1_500;

/** Asks the table; undefined where it does not answer in time, which never stops a containment. */
export const askTable = async <Answer>(
  { deps: { clock, log } }: Pick<TakingUp, 'deps'>,
  question: () => Promise<Answer>,
): Promise<Answer | undefined> => {
  try {
    return await giveUpAfter(clock, patience, question);
  } catch (error) {
    log.warn('the case table did not answer', { error: inWords(error) });
    return undefined;
  }
};
