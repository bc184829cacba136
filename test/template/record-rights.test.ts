import { expect, it } from 'vitest';
import { functionsOf, readTemplate } from '../../emulator/deploy/template.ts';
import { everyOptIn, optedInto } from './opted-in.ts';
import type { Statement } from './policy.ts';
import { managedPolicy, roleOf } from './policy.ts';
import { resourcesOfType } from './stack.ts';

const stack = optedInto(...everyOptIn);

const writing = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];

/** The items of the case table that a statement lets somebody write, by the begin of their keys. */
const writableBy = ({ actions, conditions }: Statement): readonly string[] => {
  if (!actions.some((action) => writing.includes(action))) return [];
  return conditions['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? ['*'];
};

const isHead = (keys: string): boolean => ['*', 'head#*', 'proposal#*'].includes(keys);

// threat E16
it('only ReportFunction may write the head of a record', () => {
  const functions = [...functionsOf(readTemplate()).keys()].filter((id) =>
    roleOf(stack, id).statements.flatMap(writableBy).some(isHead),
  );
  expect(functions).toEqual(['ReportFunction']);
  const policies = resourcesOfType(stack, 'AWS::IAM::ManagedPolicy')
    .map(([id]) => id)
    .filter((id) => managedPolicy(stack, id).statements.flatMap(writableBy).some(isHead));
  expect(policies).toEqual([]);
});
