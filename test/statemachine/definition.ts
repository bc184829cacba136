import { readDefinition } from '../../emulator/deploy/template.ts';

/** As much of Amazon States Language as the definition uses. */
export interface State {
  readonly Type: 'Task' | 'Pass' | 'Choice' | 'Wait' | 'Parallel' | 'Succeed' | 'Fail' | 'Map';
  readonly Comment?: string;
  readonly Resource?: string;
  readonly InputPath?: string | null;
  readonly Parameters?: unknown;
  readonly ResultSelector?: unknown;
  readonly Result?: unknown;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string | null;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retry[];
  readonly Catch?: readonly Catch[];
  readonly Branches?: readonly Machine[];
  readonly Choices?: readonly ChoiceRule[];
  readonly Default?: string;
  readonly SecondsPath?: string;
  readonly Error?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
  readonly ErrorPath?: string;
  readonly Next?: string;
  readonly End?: boolean;
}

interface Retry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: string;
}

interface Catch {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath?: string | null;
  readonly Next: string;
}

export interface ChoiceRule {
  readonly Variable?: string;
  readonly IsPresent?: boolean;
  readonly And?: readonly ChoiceRule[];
  readonly Or?: readonly ChoiceRule[];
  readonly Not?: ChoiceRule;
  readonly Next?: string;
  readonly [test: string]: unknown;
}

/** A state machine, or one branch of a Parallel state. */
export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export const definition = JSON.parse(readDefinition()) as Machine & {
  readonly TimeoutSeconds: number;
};

export interface NamedState {
  readonly name: string;
  readonly state: State;
  /** The machine or branch that the state stands in. */
  readonly machine: Machine;
}

/** Every state, those inside branches included. */
export const statesOf = (machine: Machine = definition): readonly NamedState[] =>
  Object.entries(machine.States).flatMap(([name, state]) => [
    { name, state, machine },
    ...(state.Branches ?? []).flatMap(statesOf),
  ]);

/** Every Task state that calls a function, with the function's logical id. */
export const tasksOf = (): readonly (NamedState & { readonly functionId: string })[] =>
  statesOf()
    .filter(({ state }) => state.Type === 'Task' && !isIntegration(state))
    .map((one) => ({
      ...one,
      functionId: /^\$\{(\w+)Arn\}$/.exec(one.state.Resource ?? '')?.[1] ?? 'no function',
    }));

/** A state that has another service do something, and calls no function by itself. */
export const isIntegration = ({ Resource = '' }: State): boolean =>
  !/^\$\{\w+FunctionArn\}$/.test(Resource);

export const stateCalled = (name: string): State => {
  const found = statesOf().find((one) => one.name === name);
  if (found === undefined) throw new Error(`The definition has no state ${name}`);
  return found.state;
};

/** Where a state can lead, whatever happens in it. */
export const nextOf = (state: State): readonly string[] => [
  ...new Set(
    [
      state.Next,
      state.Default,
      ...(state.Choices ?? []).map((rule) => rule.Next),
      ...(state.Catch ?? []).map((one) => one.Next),
    ].filter((name) => name !== undefined),
  ),
];

/** The states of one level that can be reached from one of them, itself included. */
export const reachableFrom = (
  start: string,
  { machine = definition, without = [] }: { machine?: Machine; without?: readonly string[] } = {},
): ReadonlySet<string> => {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const state = machine.States[name];
    if (state === undefined || reached.has(name) || without.includes(name)) return;
    reached.add(name);
    for (const next of nextOf(state)) visit(next);
  };
  visit(start);
  return reached;
};
