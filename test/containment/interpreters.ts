import type { SFNClient } from '@aws-sdk/client-sfn';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { readDefinition } from '../../emulator/deploy/template.ts';
import type { Emulator } from '../../emulator/emulator.ts';
import type { InvokeFunction } from '../../emulator/proxy/invocations.ts';
import { createMachine, ended } from '../../emulator/test/execution.ts';
import type { Machine } from '../../src/run/machine.ts';
import { tasksOf } from '../../src/run/machine.ts';
import { runMachine } from '../../src/run/run-machine.ts';

/**
 * The one definition of the runbook on both of its interpreters, that of the emulated Step Functions
 * and the one that runs by hand: which functions are called, with what, and how it ends. The functions
 * answer as they are told; what they do is tested elsewhere.
 */

/** As it is, but for the times: a test does not wait for what only repeats. */
const definitionWith = (timeoutSeconds: number): Machine & { readonly TimeoutSeconds: number } => ({
  ...(JSON.parse(readDefinition(), (key, value: unknown) => {
    if (key === 'TimeoutSeconds') return timeoutSeconds;
    if (key !== 'Retry') return value;
    return (value as readonly object[]).map((retry) => ({
      ...retry,
      IntervalSeconds: 1,
      MaxAttempts: 1,
    }));
  }) as Machine),
  TimeoutSeconds: 3_600,
});

const functionIds = [
  ...new Set(tasksOf(JSON.parse(readDefinition()) as Machine).map((task) => task.functionId)),
].toSorted();

type Answer = 'fails' | 'is busy for good' | 'never answers';

export interface Scenario {
  /** The only function that does not answer as it should. */
  readonly broken?: readonly [functionId: string, answer: Answer];
  /** What describe and isolate say, where that is another thing. */
  readonly skip?: string;
  readonly isolated?: string;
  readonly status?: string;
  readonly snapshots?: 'none';
}

const answers: readonly Answer[] = ['fails', 'is busy for good', 'never answers'];

/** A report is one, or the function has thrown: it has no way to fail as a result. */
const isPossible = (functionId: string, answer: Answer): boolean =>
  functionId !== 'ReportFunction' || answer !== 'fails';

export const scenarios: Readonly<Record<string, Scenario>> = {
  'all goes well': {},
  'the instance is exempt': { skip: 'exempt', status: 'skipped' },
  'it is a dry run': { isolated: 'planned', status: 'planned' },
  'it is a repeat': { isolated: 'already' },
  'somebody has to decide': { status: 'asked' },
  'connections may live': { status: 'partial' },
  'there is no snapshot': { snapshots: 'none' },
  ...Object.fromEntries(
    functionIds.flatMap((id) =>
      answers
        .filter((answer) => isPossible(id, answer))
        .map((answer) => [`${id} ${answer}`, { broken: [id, answer] as const }]),
    ),
  ),
};

const unavailable = { errorType: 'AwsUnavailableError', errorMessage: 'busy' };

interface Event {
  readonly case?: { readonly caseId: string };
  readonly input?: { readonly caseId: string };
  readonly caseId?: string;
  readonly finished?: boolean;
  readonly waitedSeconds?: number;
  readonly connectionCut?: string;
  readonly run?: unknown;
}

const scenarioOf = (event: Event): string =>
  event.case?.caseId ?? event.input?.caseId ?? event.caseId ?? '';

const statusOf = ({ status, broken, isolated }: Scenario, { finished }: Event): string => {
  if (finished !== true) return 'running';
  const open = broken?.[0] === 'DescribeFunction' || broken?.[0] === 'IsolateNetworkFunction';
  return status ?? (open && isolated === undefined ? 'failed' : 'contained');
};

/** What a function answers, where it answers as it should. */
const resultOf = (functionId: string, scenario: Scenario, event: Event): object => {
  const caseId = scenarioOf(event);
  const entry = (outcome: string, detail: object = {}) => ({ step: functionId, outcome, detail });
  switch (functionId) {
    case 'DescribeFunction': {
      const { skip } = scenario;
      return entry('done', {
        case: { caseId },
        before: {},
        ...(skip === undefined ? {} : { skip }),
      });
    }
    case 'IsolateNetworkFunction':
      return entry(scenario.isolated ?? 'done');
    case 'ReportFunction':
      return { caseId, instanceId: 'i-1', reason: 'why', status: statusOf(scenario, event) };
    case 'CheckSnapshotsFunction':
      return scenario.snapshots === 'none'
        ? entry('not-applicable')
        : entry('done', { waitSeconds: 1, finished: event.waitedSeconds !== undefined });
    default:
      return entry('done');
  }
};

type Told = Awaited<ReturnType<InvokeFunction>>;

const answer = async (functionId: string, event: Event): Promise<Told> => {
  const scenario = scenarios[scenarioOf(event)] ?? {};
  const [id, how] = scenario.broken ?? [];
  if (id !== functionId) return { payload: resultOf(functionId, scenario, event) };
  switch (how) {
    case 'is busy for good':
      return unavailable;
    case 'never answers':
      return new Promise(() => {});
    default:
      return { payload: { step: functionId, outcome: 'failed', detail: {}, error: { code: 'X' } } };
  }
};

/** What tells two calls of one function apart. */
const callOf = (functionId: string, event: Event): string =>
  [
    functionId,
    event.finished === false ? 'first word' : '',
    event.connectionCut ?? '',
    Object.keys((event.run ?? {}) as object)
      .filter((key) => /^(?:describe|prepare|contain|isolate|verify|tag|notify|check)$/.test(key))
      .toSorted()
      .join('+'),
  ]
    .filter((word) => word !== '')
    .join(' ');

export interface Ending {
  readonly calls: readonly string[];
  readonly end: unknown;
}

const byHand = async (definition: Machine, name: string): Promise<Ending> => {
  const calls: string[] = [];
  const end = await runMachine({
    definition,
    input: { caseId: name, instanceId: 'i-1' },
    name,
    answer: async ({ functionId }, event) => {
      calls.push(callOf(functionId, event as Event));
      const told = await answer(functionId, event as Event);
      if ('payload' in told) return told.payload;
      const error = new Error(told.errorMessage);
      error.name = told.errorType;
      throw error;
    },
  }).catch((error: Error) => error.name);
  return { calls: calls.toSorted(), end };
};

/** Runs these scenarios as executions of the emulated Step Functions, side by side. */
const onStepFunctions = async (
  { emulator, sfn }: { readonly emulator: Emulator; readonly sfn: SFNClient },
  definition: Machine,
  names: readonly string[],
): Promise<ReadonlyMap<string, Ending>> => {
  const called = new Map(names.map((name) => [name, [] as string[]]));
  emulator.onInvoke(async (functionId, event) => {
    called.get(scenarioOf(event as Event))?.push(callOf(functionId, event as Event));
    return answer(functionId, event as Event);
  });
  const text = JSON.stringify(definition).replaceAll(
    /\$\{(\w+)Arn\}/g,
    'arn:aws:lambda:us-east-1:123456789012:function:$1',
  );
  const stateMachineArn = await createMachine(sfn, JSON.parse(text) as object);
  const endings = await Promise.all(
    names.map(async (caseId, at) => {
      const input = JSON.stringify({ caseId, instanceId: 'i-1' });
      const { executionArn = '' } = await sfn.send(
        new StartExecutionCommand({ stateMachineArn, name: `n${at}`, input }),
      );
      const { status, output, error } = await ended(sfn, executionArn);
      const end = status === 'SUCCEEDED' ? (JSON.parse(output ?? '') as unknown) : error;
      return [caseId, { calls: (called.get(caseId) ?? []).toSorted(), end }] as const;
    }),
  );
  return new Map(endings);
};

/** How each of these scenarios ends, on the one interpreter and on the other. */
export const runOnBoth = async (
  where: { readonly emulator: Emulator; readonly sfn: SFNClient },
  names: readonly string[],
  timeoutSeconds: number,
): Promise<{
  readonly machine: ReadonlyMap<string, Ending>;
  readonly hand: ReadonlyMap<string, Ending>;
}> => {
  const definition = definitionWith(timeoutSeconds);
  const [machine, hand] = await Promise.all([
    onStepFunctions(where, definition, names),
    Promise.all(names.map(async (name) => [name, await byHand(definition, name)] as const)),
  ]);
  return { machine, hand: new Map(hand) };
};
