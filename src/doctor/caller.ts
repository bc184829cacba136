import type { STSClient } from '@aws-sdk/client-sts';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Clock } from '../aws/clock.ts';
import { defined } from '../case/defined.ts';

/** Who asks, and how far the clock of this machine is from AWS's. */
export interface Caller {
  readonly arn: string;
  readonly accountId: string;
  /** In milliseconds, positive where this clock is ahead; absent where AWS told no time. */
  readonly clockAhead?: number;
}

const headersOf = (response: unknown): Readonly<Record<string, string>> =>
  typeof response === 'object' && response !== null && 'headers' in response
    ? (response.headers as Readonly<Record<string, string>>)
    : {};

/** Asks AWS who the caller is, and takes the time from the header `Date` of the answer. */
export const readCaller = async (sts: STSClient, clock: Clock): Promise<Caller> => {
  const command = new GetCallerIdentityCommand({});
  let told = Number.NaN;
  let askedAt = 0;
  let answeredAt = 0;
  command.middlewareStack.add(
    (next) => async (args) => {
      askedAt = clock.now().getTime();
      const result = await next(args);
      answeredAt = clock.now().getTime();
      told = Date.parse(headersOf(result.response).date ?? '');
      return result;
    },
    { step: 'deserialize', name: 'cordonReadTime', priority: 'low' },
  );
  const { Arn = '', Account = '' } = await sts.send(command);
  const between = (askedAt + answeredAt) / 2;
  const clockAhead = Number.isNaN(told) ? undefined : between - told;
  return { arn: Arn, accountId: Account, ...defined({ clockAhead }) };
};
