import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { codeOf, inWords } from '../aws/errors.ts';
import { executionArnOf } from '../aws/executions.ts';
import type { Case } from '../case/case.ts';
import { exactCaseIdFor } from '../case/case.ts';
import type { IntakeDeps, IntakeResult } from './intake-result.ts';

/** What an execution put out: the report of a case whose instance is isolated. */
const hasIsolated = (output: string | undefined): boolean => {
  const report: unknown = JSON.parse(output ?? 'null');
  return (
    typeof report === 'object' &&
    report !== null &&
    'status' in report &&
    (report.status === 'contained' || report.status === 'partial')
  );
};

/**
 * Whether the execution of this name is the same case, and runs or has isolated the instance. One
 * that cannot be read is not joined: a second run of a case changes nothing that the first has done,
 * and a finding that joins nothing would leave the instance open.
 */
const isWorthJoining = async (
  { clients, log }: IntakeDeps,
  executionArn: string,
  theCase: Case,
): Promise<boolean> => {
  try {
    const {
      status,
      input = '{}',
      output,
    } = await clients.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    const about: unknown = JSON.parse(input);
    if (typeof about !== 'object' || about === null) return false;
    const { instanceId, dryRun, isolationProfile } = about as Partial<Case>;
    return (
      (status === 'RUNNING' || (status === 'SUCCEEDED' && hasIsolated(output))) &&
      instanceId === theCase.instanceId &&
      dryRun !== true &&
      isolationProfile === theCase.isolationProfile
    );
  } catch (error) {
    log.warn('the execution of that name could not be read', {
      executionArn,
      error: inWords(error),
    });
    return false;
  }
};

/**
 * Starts the execution of a case, or finds it running: same name and input give the execution that
 * runs, with its own start; anything else of that name gives ExecutionAlreadyExists
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html). One
 * that has failed or has asked, or was started under the name with another input, contains nobody:
 * then the case gets a name to the second.
 */
export const startCase = async (
  deps: IntakeDeps,
  stateMachineArn: string,
  theCase: Case,
  again = false,
): Promise<IntakeResult['executions'][number]> => {
  const { clients, clock } = deps;
  const { caseId, instanceId } = theCase;
  const askedAt = clock.now();
  try {
    const answer = await clients.stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn,
        name: caseId,
        input: JSON.stringify(theCase),
      }),
    );
    const began = answer.startDate?.getTime() ?? askedAt.getTime();
    // AWS cuts the date to milliseconds, and clocks differ by less than two seconds.
    const joined = began < askedAt.getTime() - 2_000;
    return {
      caseId,
      instanceId,
      executionArn: answer.executionArn ?? executionArnOf(stateMachineArn, caseId),
      outcome: joined ? 'joined' : 'started',
    };
  } catch (error) {
    if (codeOf(error) !== 'ExecutionAlreadyExists') throw error;
    const executionArn = executionArnOf(stateMachineArn, caseId);
    if (again || theCase.dryRun || (await isWorthJoining(deps, executionArn, theCase))) {
      return { caseId, instanceId, executionArn, outcome: 'joined' };
    }
    const anew = { ...theCase, caseId: exactCaseIdFor(instanceId, askedAt) };
    return startCase(deps, stateMachineArn, anew, true);
  }
};
