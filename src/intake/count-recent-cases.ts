import { paginateListExecutions } from '@aws-sdk/client-sfn';
import { inWords } from '../aws/errors.ts';
import type { IntakeDeps } from './intake-result.ts';

const hour = 3_600_000;

/**
 * How many cases the state machine has begun in the last hour, as far as `limit`. Zero where that
 * cannot be read: a server is not left open because a list does not answer.
 */
export const countRecentCases = async (
  { clients, clock, log }: Pick<IntakeDeps, 'clients' | 'clock' | 'log'>,
  stateMachineArn: string,
  limit: number,
): Promise<number> => {
  const since = clock.now().getTime() - hour;
  let count = 0;
  try {
    const pages = paginateListExecutions({ client: clients.stepFunctions }, { stateMachineArn });
    for await (const { executions = [] } of pages) {
      const recent = executions.filter(({ startDate }) => (startDate?.getTime() ?? 0) > since);
      count += recent.filter(({ name = '' }) => !/-r\d+$/.test(name)).length;
      if (count >= limit || recent.length < executions.length) break;
    }
  } catch (error) {
    log.warn('the executions of the last hour could not be counted', { error: inWords(error) });
    return 0;
  }
  return count;
};
