import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { codeOf } from '../aws/errors.ts';
import { executionArnOf } from '../aws/executions.ts';
import type { Case } from '../case/case.ts';
import type { TakenUp, TakingUp } from './taking-up.ts';

type Named = Pick<Case, 'caseId' | 'instanceId'>;

export const executionOf = (
  { stateMachineArn }: Pick<TakingUp, 'stateMachineArn'>,
  { caseId, instanceId }: Named,
  name: string,
  outcome: 'started' | 'joined',
): TakenUp => ({
  kind: 'execution',
  execution: {
    caseId,
    instanceId,
    executionArn: executionArnOf(stateMachineArn, name),
    outcome,
  },
});

/**
 * Starts a run. The same name with the same input gives the execution that runs; a name that is taken
 * means that another intake was faster
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html).
 */
export const startRun = async (
  taking: TakingUp,
  theCase: Named,
  name: string,
  input: string,
): Promise<TakenUp> => {
  const { deps, stateMachineArn } = taking;
  try {
    await deps.clients.stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name, input }),
    );
    return executionOf(taking, theCase, name, 'started');
  } catch (error) {
    if (codeOf(error) !== 'ExecutionAlreadyExists') throw error;
    return executionOf(taking, theCase, name, 'joined');
  }
};
