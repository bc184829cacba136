import { isMet, resolved } from './resolve.ts';
import type { Stack } from './stack.ts';
import { at, isRecord, list, resource, resourcesOfType } from './stack.ts';

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

/** The statements of a managed policy of the stack, and what IAM counts against its limit. */
export const managedPolicy = (
  stack: Stack,
  logicalId: string,
): { readonly statements: readonly Statement[]; readonly size: number } => {
  const document = at(resource(stack, logicalId), 'Properties', 'PolicyDocument');
  return {
    statements: statementsOf(stack, document),
    size: JSON.stringify(resolved(stack, document)).length,
  };
};

export interface Role {
  /** All that it allows: inline, and by the managed policies of the stack. */
  readonly statements: readonly Statement[];
  /** The managed policies of the stack that it has, by logical id. */
  readonly shared: readonly string[];
  /** The ARNs of AWS's own managed policies that it has. */
  readonly managed: readonly string[];
  /** What IAM counts against the limit of inline policies: the documents without white space. */
  readonly size: number;
}

/** The managed policies that stand in the template, by the ARN that a reference to them gives. */
const ownPolicies = (stack: Stack): ReadonlyMap<string, string> =>
  new Map(
    resourcesOfType(stack, 'AWS::IAM::ManagedPolicy').map(([logicalId]) => [
      String(resolved(stack, { Ref: logicalId })),
      logicalId,
    ]),
  );

/** A policy that a role refers to; where its condition is not met, the stack could not be made. */
const referredTo = (stack: Stack, logicalId: string): string => {
  const { Condition } = resource(stack, logicalId);
  if (Condition !== undefined && !isMet(stack, Condition)) {
    throw new Error(`${logicalId} is referred to, but is not there without ${Condition}`);
  }
  return logicalId;
};

/** The role that the transform makes for a function or a state machine. */
export const roleOf = (stack: Stack, owner: string): Role => {
  const { Properties } = resource(stack, `${owner}Role`);
  const documents = list(resolved(stack, Properties.Policies) as object[]).map((one) =>
    at(one, 'PolicyDocument'),
  );
  const attached = list(resolved(stack, Properties.ManagedPolicyArns) as string[]);
  const own = ownPolicies(stack);
  const shared = attached.flatMap((arn) => {
    const logicalId = own.get(arn);
    return logicalId === undefined ? [] : [referredTo(stack, logicalId)];
  });
  return {
    statements: [
      ...documents.flatMap((one) => statementsOf(stack, one)),
      ...shared.flatMap((logicalId) => managedPolicy(stack, logicalId).statements),
    ],
    shared,
    managed: attached.filter((arn) => !own.has(arn)),
    size: documents.reduce((sum: number, one) => sum + JSON.stringify(one).length, 0),
  };
};
