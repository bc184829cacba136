import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Deps } from '../aws/clients.ts';
import { codeOf } from '../aws/errors.ts';
import { readFunctionResults } from '../aws/execution-history.ts';
import { executionArnOf } from '../aws/executions.ts';
import { ReleaseRefusedError } from '../case/errors.ts';
import type { Inverse } from '../case/undo/inverse.ts';
import type { ReleaseEvent } from './release-event.ts';
import type { ReleaseResult } from './release-result.ts';

/** Milliseconds between looks at the execution. */
const betweenLooks = 1_000;

const isResult = (value: unknown): value is ReleaseResult =>
  typeof value === 'object' && value !== null && 'status' in value && 'notAsBefore' in value;

/** Of one release: at most 80 characters, and new for each second. */
const executionName = (caseId: string, now: Date): string =>
  `${caseId}-release-${Math.floor(now.getTime() / 1_000).toString(16)}`;

const ended = async (
  { clients, clock }: Deps<'stepFunctions'>,
  executionArn: string,
): Promise<{ readonly error: string; readonly cause: string }> => {
  for (;;) {
    const { status, error, cause } = await clients.stepFunctions.send(
      new DescribeExecutionCommand({ executionArn }),
    );
    if (status !== 'RUNNING') return { error: error ?? status ?? 'UNKNOWN', cause: cause ?? '' };
    await clock.sleep(betweenLooks);
  }
};

/** Lambda hands the message of an error on inside JSON. */
const wordsOf = (cause: string): string => {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
};

/**
 * Gives an instance back by the stack's own state machine, so that CloudTrail names who asked, and a
 * person needs no right to open anything. Waits until it has ended.
 *
 * @param remaining what is still to be given back where the machine says nothing of it.
 * @returns undefined where this person may not start the machine, and nothing was begun.
 * @throws ReleaseRefusedError when a person has to look at the trail first.
 */
export const releaseByMachine = async (
  deps: Deps<'stepFunctions'>,
  stateMachineArn: string,
  caseId: string,
  event: ReleaseEvent,
  remaining: readonly Inverse[],
): Promise<ReleaseResult | undefined> => {
  const { stepFunctions } = deps.clients;
  const name = executionName(caseId, deps.clock.now());
  try {
    await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(event) }),
    );
  } catch (error) {
    if (/^AccessDenied/.test(codeOf(error))) return undefined;
    throw error;
  }
  const { error, cause } = await ended(deps, executionArnOf(stateMachineArn, name));
  const words = wordsOf(cause);
  if (error === 'ReleaseRefusedError') throw new ReleaseRefusedError(words);
  const results = await readFunctionResults(stepFunctions, stateMachineArn, name, event.instanceId);
  const result = (results ?? []).findLast(isResult);
  if (result !== undefined) return result;
  return {
    status: 'release-incomplete',
    caseId,
    instanceId: event.instanceId,
    reason: `The execution ${name} ended without a result (${error}: ${words}).`,
    done: [],
    remaining,
    notAsBefore: [],
  };
};
