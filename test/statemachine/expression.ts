import type { Shape } from './shape.ts';
import { find, leaf, listOf, objectOf, withMembers } from './shape.ts';

/** The context object: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
const context: Shape = objectOf({
  Execution: withMembers('Id', 'Input', 'Name', 'RoleArn', 'StartTime'),
  State: withMembers('EnteredTime', 'Name', 'RetryCount'),
  StateMachine: withMembers('Id', 'Name'),
});

/** Intrinsic functions, and what they make of their arguments. */
const intrinsics: Readonly<Record<string, (args: readonly Shape[]) => Shape>> = {
  'States.Array': listOf,
  'States.JsonToString': () => leaf,
  'States.Format': () => leaf,
};

/** Told of every path that is not surely there. */
export type Complain = (expression: string) => void;

/** `a, States.Array(b, 'c, d')` cut at the commas that stand outside of brackets and quotes. */
const argumentsOf = (text: string): readonly string[] => {
  const found: string[] = [];
  let current = '';
  let depth = 0;
  let quoted = false;
  for (const [n, character] of [...text].entries()) {
    if (character === "'" && text[n - 1] !== '\\') quoted = !quoted;
    if (!quoted && character === '(') depth += 1;
    if (!quoted && character === ')') depth -= 1;
    if (!quoted && depth === 0 && character === ',') {
      found.push(current.trim());
      current = '';
    } else current += character;
  }
  return current.trim() === '' ? found : [...found, current.trim()];
};

const isLiteral = (text: string): boolean =>
  /^(?:'.*'|-?\d+(?:\.\d+)?|true|false|null)$/.test(text);

/** The shape of what a path, a path of the context object or an intrinsic function gives. */
export const evaluate = (expression: string, input: Shape, complain: Complain): Shape => {
  if (expression.startsWith('$')) {
    const [path, from] = expression.startsWith('$$')
      ? [expression.slice(1), context]
      : [expression, input];
    const found = find(from, path);
    if (found === undefined) complain(expression);
    return found ?? leaf;
  }
  const call = /^(States\.\w+)\((.*)\)$/s.exec(expression);
  const intrinsic = intrinsics[call?.[1] ?? ''];
  if (call === null || intrinsic === undefined) {
    throw new Error(`${expression} is more than this test understands`);
  }
  return intrinsic(
    argumentsOf(call[2] ?? '').map((argument) =>
      isLiteral(argument) ? leaf : evaluate(argument, input, complain),
    ),
  );
};

/** What a payload template makes of an input: members whose names end in `.$` are expressions. */
export const fill = (template: unknown, input: Shape, complain: Complain): Shape => {
  if (Array.isArray(template)) return listOf(template.map((one) => fill(one, input, complain)));
  if (typeof template !== 'object' || template === null) return leaf;
  return objectOf(
    Object.fromEntries(
      Object.entries(template).map(([name, value]) =>
        name.endsWith('.$')
          ? [name.slice(0, -2), evaluate(String(value), input, complain)]
          : [name, fill(value, input, complain)],
      ),
    ),
  );
};
