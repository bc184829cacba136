import type { SFNClient } from '@aws-sdk/client-sfn';
import { readExecution } from './executions.ts';

/** The longest that anybody waits for the answer, in milliseconds. */
const budget = 3_000;

/** The machine of an execution, from `arn:<partition>:states:<region>:<account>:execution:<machine>:<name>`. */
const machineOf = (executionArn: string): string =>
  executionArn.replace(':execution:', ':stateMachine:').replace(/:[^:]+$/, '');

/**
 * Whether an execution of a name, of the machine that this execution is of, is about an instance. One
 * that is not found provably does not exist, for 90 days
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html); the execution itself
 * has only begun, and witnesses nothing.
 */
export const findExecution =
  (client: SFNClient, ownArn: string) =>
  async (name: string, instanceId: string): Promise<'exists' | 'absent' | 'unknown'> => {
    if (ownArn.endsWith(`:${name}`)) return 'absent';
    const over = new Promise<'unknown'>((resolve) => {
      setTimeout(() => resolve('unknown'), budget).unref();
    });
    const reading = readExecution(client, machineOf(ownArn), name).then(
      (found): 'exists' | 'absent' =>
        found?.instanceId === instanceId && !found.dryRun ? 'exists' : 'absent',
      (): 'unknown' => 'unknown',
    );
    return Promise.race([reading, over]);
  };
