import { defined } from '../case/defined.ts';
import type { Writer } from '../record/journal/batch.ts';
import { ownCodeSha256 } from './own-code.ts';

/** As much of Lambda's context as the journal needs. */
export interface LambdaContext {
  readonly invokedFunctionArn?: string;
  readonly functionVersion?: string;
}

/**
 * Who writes in the journal for a function: its ARN, by which CloudTrail names the session of its role.
 *
 * @param program the logical name of the function.
 */
export const functionWriter = async (
  program: string,
  context: LambdaContext | undefined,
): Promise<Writer> => ({
  actor: context?.invokedFunctionArn ?? program,
  program,
  ...defined({
    version: context?.functionVersion,
    codeSha256: await ownCodeSha256(),
  }),
});
