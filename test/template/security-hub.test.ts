import { describe, expect, it } from 'vitest';
import { noteCasePermissions } from '../../src/security-hub/note-case.ts';
import { roleOf } from './policy.ts';
import { withParameters } from './resolve.ts';
import { transform } from './stack.ts';

const stack = await transform();

const actionsWith = (UpdateSecurityHub: string): readonly string[] =>
  roleOf(withParameters(stack, { UpdateSecurityHub }), 'NotifyFunction').statements.flatMap(
    ({ actions }) => actions,
  );

describe('UpdateSecurityHub', () => {
  it('lets the function that tells people note the case in findings', () => {
    expect(actionsWith('true')).toEqual(expect.arrayContaining([...noteCasePermissions]));
  });

  it('lets nobody change findings unless it was asked for', () => {
    expect(actionsWith('false').filter((one) => one.startsWith('securityhub:'))).toEqual([]);
  });
});
