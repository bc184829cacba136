import { typesNamed } from './iam-actions.ts';
import type { Statement } from './policy.ts';

/** One permission: one action on one resource, with the statement that grants it. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  /** What IAM calls the resource; empty for `*`. */
  readonly types: readonly string[];
  readonly statement: Statement;
}

export const grantsOf = (statements: readonly Statement[]): readonly Grant[] =>
  statements.flatMap((statement) =>
    statement.actions.flatMap((action) =>
      statement.resources.map((resource) => ({
        action,
        resource,
        types: resource === '*' ? [] : typesNamed(action, resource),
        statement,
      })),
    ),
  );
