import type { STSClient } from '@aws-sdk/client-sts';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Clock } from './clock.ts';
import { giveUpAfter } from './deadline.ts';

/** A name in a record is worth waiting no longer for, in milliseconds: a message waits behind it. */
const patience = 1_000;

/**
 * The ARN of whose credentials these are, as CloudTrail names them. Nobody can be denied to ask
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). Undefined where AWS
 * does not say so in a second.
 */
export const readPrincipal = async (sts: STSClient, clock: Clock): Promise<string | undefined> => {
  try {
    const { Arn } = await giveUpAfter(clock, patience, () =>
      sts.send(new GetCallerIdentityCommand({})),
    );
    return Arn;
  } catch {
    return undefined;
  }
};
