import type { ChoiceRule, Machine, State } from './definition.ts';
import type { Complain } from './expression.ts';
import { evaluate, fill } from './expression.ts';
import type { Shape } from './shape.ts';
import { common, find, leaf, listOf, objectOf, put, shapeOf, withMembers } from './shape.ts';

/** What each function surely returns, by the placeholder of its state's `Resource`. */
export type Results = Readonly<Record<string, Shape>>;

export interface Outcome {
  /** One sentence per path that some way through the machine finds absent. */
  readonly complaints: readonly string[];
  /** The states that were entered, those of branches included. */
  readonly entered: ReadonlySet<string>;
  /** What the machine can end with. */
  readonly outputs: readonly Shape[];
}

interface Step {
  readonly next: string;
  readonly input: Shape;
}

const errorOutput = withMembers('Error', 'Cause');

/** A path of `InputPath` or `OutputPath`: absent means everything, null means nothing. */
const select = (path: string | null | undefined, from: Shape, complain: Complain): Shape =>
  path === null ? objectOf({}) : path === undefined ? from : evaluate(path, from, complain);

/** Where a result goes: absent means instead of the input, null means nowhere. */
const placed = (path: string | null | undefined, input: Shape, result: Shape): Shape =>
  path === null ? input : path === undefined ? result : put(input, path, result);

/** The input with what a rule has looked for: on its way, and for the conditions after it, it is there. */
const narrowed = ({ Variable, IsPresent, And = [] }: ChoiceRule, input: Shape): Shape =>
  Variable !== undefined && IsPresent === true && find(input, Variable) === undefined
    ? put(input, Variable, leaf)
    : And.reduce((known, inner) => narrowed(inner, known), input);

/** A rule that only looks for what is surely there is surely taken, and none after it is tested. */
const isSure = ({ Variable, IsPresent }: ChoiceRule, input: Shape): boolean =>
  Variable !== undefined && IsPresent === true && find(input, Variable) !== undefined;

const checkRule = (rule: ChoiceRule, input: Shape, complain: Complain): void => {
  for (const inner of rule.Or ?? []) checkRule(inner, input, complain);
  (rule.And ?? []).reduce((known, inner) => {
    checkRule(inner, known, complain);
    return narrowed(inner, known);
  }, input);
  if (rule.Not !== undefined) checkRule(rule.Not, input, complain);
  if (rule.Variable !== undefined && rule.IsPresent === undefined) {
    evaluate(rule.Variable, input, complain);
  }
  for (const [test, path] of Object.entries(rule)) {
    if (test.endsWith('Path')) evaluate(String(path), input, complain);
  }
};

/**
 * Follows every way through a state machine with what is surely known of its data, and finds
 * expressions that may lead to nothing. On AWS such an expression ends the execution with
 * States.Runtime, which no Catch catches.
 */
export const interpret = (machine: Machine, input: Shape, results: Results): Outcome => {
  const complaints = new Set<string>();
  const entered = new Set<string>();

  const resultOf = (name: string, state: State, effective: Shape): Shape | undefined => {
    switch (state.Type) {
      case 'Task': {
        const result = results[state.Resource ?? ''];
        if (result === undefined) throw new Error(`It is unknown what ${name} returns`);
        return result;
      }
      case 'Pass':
        return state.Result === undefined ? effective : shapeOf(state.Result);
      case 'Parallel': {
        const ends = (state.Branches ?? []).map((branch) => follow(branch, effective));
        // Without an end the branch always fails, and so does the state.
        return ends.every((outputs) => outputs.length > 0)
          ? listOf(ends.map((outputs) => outputs.reduce(common)))
          : undefined;
      }
      default:
        return effective;
    }
  };

  /** What a state puts out when it succeeds, and where each of its ways leads. */
  const run = (name: string, state: State, input: Shape): { output?: Shape; steps: Step[] } => {
    entered.add(name);
    const complain = (field: string) => (expression: string) =>
      complaints.add(`${name}: ${expression} in ${field} may be absent`);
    const selected = select(state.InputPath, input, complain('InputPath'));
    const effective =
      state.Parameters === undefined
        ? selected
        : fill(state.Parameters, selected, complain('Parameters'));
    const rules = state.Choices ?? [];
    const sure = rules.findIndex((rule) => isSure(rule, effective));
    const tested = sure < 0 ? rules : rules.slice(0, sure + 1);
    for (const rule of tested) checkRule(rule, effective, complain('Choices'));
    for (const field of ['SecondsPath', 'CausePath', 'ErrorPath'] as const) {
      const expression = state[field];
      if (expression !== undefined) evaluate(expression, effective, complain(field));
    }
    const caught = (state.Catch ?? []).map(({ Next, ResultPath }) => ({
      next: Next,
      input: placed(ResultPath, input, errorOutput),
    }));
    if (state.Type === 'Fail') return { steps: [] };
    const result = resultOf(name, state, effective);
    if (result === undefined) return { steps: caught };
    const kept =
      state.ResultSelector === undefined
        ? result
        : fill(state.ResultSelector, result, complain('ResultSelector'));
    const output = select(
      state.OutputPath,
      placed(state.ResultPath, input, kept),
      complain('OutputPath'),
    );
    const chosen = tested.flatMap((rule) =>
      rule.Next === undefined ? [] : [{ next: rule.Next, input: narrowed(rule, output) }],
    );
    const others = [sure < 0 ? state.Default : undefined, state.Next].filter(
      (next) => next !== undefined,
    );
    return {
      output,
      steps: [...chosen, ...others.map((next) => ({ next, input: output })), ...caught],
    };
  };

  const follow = (level: Machine, start: Shape): readonly Shape[] => {
    const seen = new Set<string>();
    const outputs: Shape[] = [];
    const waiting: Step[] = [{ next: level.StartAt, input: start }];
    for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
      const key = JSON.stringify(step);
      const state = level.States[step.next];
      if (state === undefined) throw new Error(`There is no state ${step.next}`);
      if (seen.has(key)) continue;
      seen.add(key);
      const { output, steps } = run(step.next, state, step.input);
      waiting.push(...steps);
      if (output !== undefined && (state.End === true || state.Type === 'Succeed')) {
        outputs.push(output);
      }
    }
    return outputs;
  };

  const outputs = follow(machine, input);
  return { complaints: [...complaints], entered, outputs };
};

/** True when every output surely has something at the path. */
export const always = (outputs: readonly Shape[], path: string): boolean =>
  outputs.length > 0 && outputs.every((output) => find(output, path) !== undefined);
