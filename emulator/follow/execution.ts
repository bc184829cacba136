import type { HistoryEvent } from '@aws-sdk/client-sfn';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
} from '@aws-sdk/client-sfn';
import { defined } from '../../src/case/defined.ts';
import type { WorldClients } from '../world/world-clients.ts';

export interface EndedExecution {
  readonly executionArn: string;
  readonly status: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  readonly history: readonly HistoryEvent[];
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The newest execution of a machine, waited for: a rule starts it, and rules take a moment. */
export const awaitExecution = async (
  { stepFunctions }: WorldClients,
  stateMachineArn: string,
  longestMilliseconds = 240_000,
): Promise<string> => {
  const deadline = performance.now() + longestMilliseconds;
  while (performance.now() < deadline) {
    const { executions } = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn }));
    const arn = executions?.[0]?.executionArn;
    if (arn !== undefined) return arn;
    await pause(50);
  }
  throw new Error('No execution began: did the rule let the event through?');
};

const readHistory = async (
  { stepFunctions: client }: WorldClients,
  executionArn: string,
): Promise<readonly HistoryEvent[]> => {
  const events: HistoryEvent[] = [];
  for await (const page of paginateGetExecutionHistory(
    { client, pageSize: 1000 },
    { executionArn },
  )) {
    events.push(...(page.events ?? []));
  }
  return events;
};

/**
 * Follows an execution to its end; tells of each new event of its history, where somebody listens:
 * a history is long, and reading it over and over slows down what is followed.
 */
export const followExecution = async (
  clients: WorldClients,
  executionArn: string,
  onEvent?: (event: HistoryEvent) => void,
): Promise<EndedExecution> => {
  let told = 0;
  for (;;) {
    const {
      status = '',
      output,
      error,
      cause,
    } = await clients.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    const over = status !== 'RUNNING';
    const history = over || onEvent !== undefined ? await readHistory(clients, executionArn) : [];
    for (const event of history.slice(told)) onEvent?.(event);
    told = history.length;
    if (over) {
      return {
        executionArn,
        status,
        history,
        ...(output === undefined ? {} : { output: JSON.parse(output) }),
        ...defined({ error, cause }),
      };
    }
    await pause(100);
  }
};
