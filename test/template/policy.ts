import { resolved } from './resolve.ts';
import type { Stack } from './stack.ts';
import { at, isRecord, list, resource } from './stack.ts';

/** One statement of a policy, its lists always lists, its intrinsic functions resolved. */
export interface Statement {
  readonly sid: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly services: readonly string[];
  /** Operator → key → values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Anything else that stands in the statement, which these tests do not understand. */
  readonly others: readonly string[];
}

const known = ['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition'];

const conditionsOf = (condition: unknown): Statement['conditions'] =>
  Object.fromEntries(
    Object.entries(isRecord(condition) ? condition : {}).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(isRecord(keys) ? keys : {}).map(([key, values]) => [
          key,
          list(values as string | readonly string[]),
        ]),
      ),
    ]),
  );

/** The statements of a policy document. */
export const statementsOf = (stack: Stack, document: unknown): readonly Statement[] =>
  list(resolved(stack, at(document, 'Statement')) as Record<string, unknown>[]).map((one) => ({
    sid: String(one.Sid ?? ''),
    effect: String(one.Effect),
    actions: list(one.Action as string | string[]),
    resources: list(one.Resource as string | string[]),
    services: list(at(one, 'Principal', 'Service') as string | string[]),
    conditions: conditionsOf(one.Condition),
    others: Object.keys(one).filter((name) => !known.includes(name)),
  }));

export interface Role {
  readonly statements: readonly Statement[];
  readonly managed: readonly string[];
  /** What IAM counts against the limit of inline policies: the documents without white space. */
  readonly size: number;
}

/** The statements of a managed policy of the stack, and what IAM counts against its limit. */
export const managedPolicy = (
  stack: Stack,
  logicalId: string,
): Pick<Role, 'statements' | 'size'> => {
  const document = at(resource(stack, logicalId), 'Properties', 'PolicyDocument');
  return {
    statements: statementsOf(stack, document),
    size: JSON.stringify(resolved(stack, document)).length,
  };
};

/** The role that the transform makes for a function or a state machine. */
export const roleOf = (stack: Stack, owner: string): Role => {
  const { Properties } = resource(stack, `${owner}Role`);
  const documents = list(Properties.Policies as object[]).map((one) => at(one, 'PolicyDocument'));
  return {
    statements: documents.flatMap((one) => statementsOf(stack, one)),
    managed: list(Properties.ManagedPolicyArns as string[]),
    size: documents.reduce(
      (sum: number, one) => sum + JSON.stringify(resolved(stack, one)).length,
      0,
    ),
  };
};
