import { describe, expect, it } from 'vitest';
import {
  copyPermissions,
  lockPermissions,
  sharePermissions,
} from '../../src/evidence/snapshots/permissions.ts';
import { grantsOf } from './granted.ts';
import { hasConditionKey, typesOf } from './iam-actions.ts';
import { sorted } from './needed.ts';
import { stack } from './opted-in.ts';
import type { Statement } from './policy.ts';
import { roleOf } from './policy.ts';
import { withParameters } from './resolve.ts';

/** What the function that collects evidence may do to snapshots, by what the stack opts into. */

const account = '999988887777';
const key = `arn:aws:kms:eu-central-1:${account}:key/examiners`;

const statementsWith = (parameters: Record<string, string>): readonly Statement[] =>
  roleOf(withParameters(stack, parameters), 'EvidenceFunction').statements;

/** The statements that a stack has because of these parameters. */
const added = (parameters: Record<string, string>): readonly Statement[] => {
  const without = new Set(statementsWith({}).map((one) => JSON.stringify(one)));
  return statementsWith(parameters).filter((one) => !without.has(JSON.stringify(one)));
};

const actionsIn = (statements: readonly Statement[]): readonly string[] =>
  sorted(statements.flatMap(({ actions }) => actions));

const locking = { SnapshotLock: 'governance', SnapshotLockDays: '30' };
const sharing = { ForensicAccountId: account };
const copying = { ...sharing, ForensicKmsKeyArn: key };

describe('What is added to the function that collects evidence', () => {
  it.each<[string, Record<string, string>, readonly string[]]>([
    ['to lock', locking, lockPermissions],
    ['to share', sharing, sharePermissions],
    ['to share and copy', copying, [...sharePermissions, ...copyPermissions]],
    ['by a key that nobody copies for', { ForensicKmsKeyArn: key }, []],
  ])('%s is exactly what that calls', (_, parameters, permissions) => {
    expect(actionsIn(added(parameters))).toEqual(sorted(permissions));
  });

  it('is about snapshots of cases alone, and about the one key', () => {
    for (const { action, resource, statement } of grantsOf(added({ ...locking, ...copying }))) {
      if (action.startsWith('kms:')) {
        expect(resource, action).toBe(key);
        expect(statement.conditions, action).toMatchObject({
          StringEquals: { 'kms:ViaService': ['ec2.eu-central-1.amazonaws.com'] },
        });
      } else {
        const reads = action.startsWith('ec2:Describe');
        expect(resource, action).toBe(
          typesOf(action).length === 0 ? '*' : 'arn:aws:ec2:eu-central-1::snapshot/*',
        );
        expect(/cordon:/.test(JSON.stringify(statement.conditions)), action).toBe(!reads);
      }
    }
  });

  it('locks for no less than the stack says, and shares with the examiners alone', () => {
    const conditionsOf = (action: string) =>
      added({ ...locking, ...sharing }).find(({ actions }) => actions.includes(action))?.conditions;
    expect(conditionsOf('ec2:LockSnapshot')).toMatchObject({
      NumericGreaterThanEquals: { 'ec2:SnapshotLockDuration': ['30'] },
    });
    expect(conditionsOf('ec2:ModifySnapshotAttribute')).toMatchObject({
      StringEquals: { 'ec2:Add/userId': [account] },
      Null: { 'ec2:Add/group': ['true'] },
    });
  });

  it('asks only for conditions that AWS knows of these actions', () => {
    for (const { action, statement } of grantsOf(added({ ...locking, ...copying }))) {
      const keys = Object.values(statement.conditions).flatMap((one) => Object.keys(one));
      for (const one of keys) {
        const known = typesOf(action).some((type) => hasConditionKey(action, type, one));
        expect(known, `${action} ${one}`).toBe(true);
      }
    }
  });

  it('never unlocks, deletes or takes back', () => {
    const all = actionsIn(statementsWith({ ...locking, ...copying }));
    expect(all.filter((action) => /Unlock|Delete|Reset|Disassociate/.test(action))).toEqual([]);
  });
});
