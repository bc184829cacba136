import type { SFNClient } from '@aws-sdk/client-sfn';
import { paginateGetExecutionHistory } from '@aws-sdk/client-sfn';
import { codeOf } from './errors.ts';
import { executionArnOf, readExecution } from './executions.ts';

const parsed = (text: string): readonly unknown[] => {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
};

/**
 * What the functions of an execution have answered, in order. Nobody can change the history of an
 * execution, which Step Functions keeps for 90 days
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
 *
 * @returns undefined where no execution of this name is about the instance.
 */
export const readFunctionResults = async (
  stepFunctions: SFNClient,
  stateMachineArn: string,
  name: string,
  instanceId: string,
): Promise<readonly unknown[] | undefined> => {
  const execution = await readExecution(stepFunctions, stateMachineArn, name);
  if (execution?.instanceId !== instanceId || execution.dryRun) return undefined;
  const results: unknown[] = [];
  const pages = paginateGetExecutionHistory(
    { client: stepFunctions, pageSize: 1_000 },
    { executionArn: executionArnOf(stateMachineArn, name), includeExecutionData: true },
  );
  try {
    for await (const { events = [] } of pages) {
      for (const event of events) {
        const output =
          event.lambdaFunctionSucceededEventDetails?.output ??
          event.taskSucceededEventDetails?.output;
        if (output !== undefined) results.push(...parsed(output));
      }
    }
  } catch (error) {
    if (codeOf(error) === 'ExecutionDoesNotExist') return undefined;
    throw error;
  }
  return results;
};
