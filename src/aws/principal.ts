import type { STSClient } from '@aws-sdk/client-sts';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Clock } from './clock.ts';
import { giveUpAfter } from './deadline.ts';

/**
 * The ARN of whose credentials these are, as CloudTrail names them. Nobody can be denied to ask
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). Undefined where AWS
 * does not say so in time.
 *
 * @param patience milliseconds.
 */
export const readPrincipal = async (
  sts: STSClient,
  clock: Clock,
  patience: number,
): Promise<string | undefined> => {
  try {
    const { Arn } = await giveUpAfter(clock, patience, () =>
      sts.send(new GetCallerIdentityCommand({})),
    );
    return Arn;
  } catch {
    return undefined;
  }
};
