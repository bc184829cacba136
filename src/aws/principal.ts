import type { STSClient } from '@aws-sdk/client-sts';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';

/**
 * The ARN of whose credentials these are, as CloudTrail names them. Nobody can be denied to ask
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). Undefined where AWS
 * does not say.
 */
export const readPrincipal = async (sts: STSClient): Promise<string | undefined> => {
  try {
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    return Arn;
  } catch {
    return undefined;
  }
};
