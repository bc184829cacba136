import type { SFNClient } from '@aws-sdk/client-sfn';
import { DescribeExecutionCommand, paginateListExecutions } from '@aws-sdk/client-sfn';
import { codeOf } from './errors.ts';

export const executionPermissions = ['states:DescribeExecution', 'states:ListExecutions'] as const;

/** A case as the state machine began it: only who may start executions can make one. */
export interface Execution {
  readonly name: string;
  readonly running: boolean;
  readonly instanceId?: string;
  readonly dryRun: boolean;
  /** What it was started with, as JSON. */
  readonly input: string;
}

/** ARN of an execution, from that of its machine. */
export const executionArnOf = (stateMachineArn: string, name: string): string =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

const inputOf = (text: string): { readonly instanceId?: string; readonly dryRun: boolean } => {
  try {
    const input: unknown = JSON.parse(text);
    if (typeof input !== 'object' || input === null) return { dryRun: false };
    return {
      ...('instanceId' in input && typeof input.instanceId === 'string'
        ? { instanceId: input.instanceId }
        : {}),
      dryRun: 'dryRun' in input && input.dryRun === true,
    };
  } catch {
    return { dryRun: false };
  }
};

/**
 * The execution of this name; undefined where there is none, or none any more: Step Functions keeps
 * them for 90 days (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
 */
export const readExecution = async (
  stepFunctions: SFNClient,
  stateMachineArn: string,
  name: string,
): Promise<Execution | undefined> => {
  try {
    const { status, input = '{}' } = await stepFunctions.send(
      new DescribeExecutionCommand({ executionArn: executionArnOf(stateMachineArn, name) }),
    );
    return { name, running: status === 'RUNNING', input, ...inputOf(input) };
  } catch (error) {
    if (codeOf(error) === 'ExecutionDoesNotExist') return undefined;
    throw error;
  }
};

/**
 * The execution that contains this instance now, begun since a moment. The list is read from the
 * newest (https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html);
 * names of executions end with the instance, a run's number may follow.
 */
export const readRunningExecution = async (
  stepFunctions: SFNClient,
  stateMachineArn: string,
  instanceId: string,
  since: Date,
): Promise<Execution | undefined> => {
  const ofTheInstance = new RegExp(`-${instanceId}(?:-r\\d+)?$`);
  const pages = paginateListExecutions(
    { client: stepFunctions },
    { stateMachineArn, statusFilter: 'RUNNING' },
  );
  for await (const { executions = [] } of pages) {
    const recent = executions.filter(
      ({ startDate }) => startDate !== undefined && startDate > since,
    );
    for (const { name = '' } of recent.filter((one) => ofTheInstance.test(one.name ?? ''))) {
      const execution = await readExecution(stepFunctions, stateMachineArn, name);
      if (execution?.running === true && execution.instanceId === instanceId && !execution.dryRun) {
        return execution;
      }
    }
    if (recent.length < executions.length) return undefined;
  }
  return undefined;
};
