import { ExecutionError, StateMachine } from 'aws-local-stepfunctions';
import type { Machine, Task } from './machine.ts';
import { tasksOf } from './machine.ts';

type Definition = ConstructorParameters<typeof StateMachine>[0];
type Run = ReturnType<InstanceType<typeof StateMachine>['run']>;
type Json = Parameters<InstanceType<typeof StateMachine>['run']>[0];

/** Bytes that a state takes or gives at most (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). */
const longestPayload = 262_144;

export interface MachineRun {
  readonly definition: Machine;
  readonly input: object;
  /** What the machine calls the run: `$$.Execution.Name`, and in place of an ARN. */
  readonly name: string;
  /** Answers a task, as its function would. What it throws is matched by its name. */
  readonly answer: (task: Task, event: unknown) => Promise<unknown>;
  /** Told when a task is given up: no repetition is left. */
  readonly gaveUp?: (state: string) => void;
  /** Milliseconds before a repetition, instead of those of the definition. */
  readonly retryPause?: number;
}

/** As it would reach a function in Lambda, or come from one: nothing is shared, nothing undefined. */
const asJson = (value: unknown, what: string): Json => {
  const text = JSON.stringify(value ?? null);
  if (Buffer.byteLength(text, 'utf8') > longestPayload) {
    const error = new Error(`${what} is longer than a state may carry.`);
    error.name = 'States.DataLimitExceeded';
    throw error;
  }
  return JSON.parse(text) as Json;
};

/** The engine knows no time at which a state was entered, and hands on what it is given. */
const contextOf = (name: string) => ({
  Execution: { Id: name, Name: name },
  State: {
    get EnteredTime() {
      return new Date().toISOString();
    },
  },
});

const follow = async (events: Run['eventLogs'], gaveUp: (state: string) => void): Promise<void> => {
  for await (const event of events) if (event.type === 'StateCaught') gaveUp(event.state.name);
};

/**
 * Runs a state machine in this process, as Step Functions would: its order, repetitions, time limits
 * and branches are those of the definition.
 *
 * @returns the output of the run.
 * @throws Error with the name and the words of the state that failed the run.
 */
export const runMachine = async ({
  definition,
  input,
  name,
  answer,
  gaveUp = () => {},
  retryPause,
}: MachineRun): Promise<unknown> => {
  const tasks = tasksOf(definition);
  const machine = new StateMachine(definition as Definition, {
    validationOptions: { noValidate: true },
  });
  const handlers = tasks.map((task) => [
    task.name,
    async (event: Json) =>
      asJson(await answer(task, asJson(event, 'The input')), `The result of ${task.name}`),
  ]);
  const run = machine.run(asJson(input, 'The input'), {
    context: contextOf(name),
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(handlers),
      ...(retryPause === undefined
        ? {}
        : {
            retryIntervalOverrides: Object.fromEntries(
              tasks.map((task) => [task.name, retryPause]),
            ),
          }),
    },
  });
  const followed = follow(run.eventLogs, gaveUp);
  try {
    return await run.result;
  } catch (error) {
    throw error instanceof ExecutionError ? error.cause : error;
  } finally {
    await followed;
  }
};
