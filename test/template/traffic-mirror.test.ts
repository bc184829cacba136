import { describe, expect, it } from 'vitest';
import { trafficMirror as action } from '../../src/actions/traffic-mirror/action.ts';
import { mirrorReadPermissions } from '../../src/aws/traffic-mirrors.ts';
import { grantsOf } from './granted.ts';
import { hasConditionKey, typesOf } from './iam-actions.ts';
import { sorted } from './needed.ts';
import { everyOptIn, parametersFor, stack } from './opted-in.ts';
import type { Statement } from './policy.ts';
import { managedPolicy, roleOf } from './policy.ts';
import { withParameters } from './resolve.ts';

/** Who may begin and end traffic mirroring, where the stack names a target. */

const targetId = 'tmt-0123456789abcdef0';
const mirroring = { MirrorTargetId: targetId };

type Holder = (parameters: Record<string, string>) => readonly Statement[];

const holders: Readonly<Record<string, Holder>> = {
  EvidenceFunction: (parameters) =>
    roleOf(withParameters(stack, parameters), 'EvidenceFunction').statements,
  ReleaseFunction: (parameters) =>
    roleOf(withParameters(stack, parameters), 'ReleaseFunction').statements,
  OnCallReleasePolicy: (parameters) =>
    managedPolicy(withParameters(stack, parameters), 'OnCallReleasePolicy').statements,
};

/** The statements that a holder has because the stack names a target. */
const added = (holder: string): readonly Statement[] => {
  const of = holders[holder];
  if (of === undefined) throw new Error(`${holder} is none of them`);
  const without = new Set(of({}).map((one) => JSON.stringify(one)));
  return of(mirroring).filter((one) => !without.has(JSON.stringify(one)));
};

const actionsIn = (statements: readonly Statement[]): readonly string[] =>
  sorted(statements.flatMap(({ actions }) => actions));

const names = Object.keys(holders);

describe('A stack that names a target of traffic mirroring', () => {
  it('lets evidence begin sessions, and a release end them, and neither the other', () => {
    expect(actionsIn(added('EvidenceFunction'))).toEqual(
      sorted([...action.permissions, ...mirrorReadPermissions]),
    );
    for (const giver of ['ReleaseFunction', 'OnCallReleasePolicy']) {
      expect(actionsIn(added(giver)), giver).toEqual(
        sorted([...action.releasePermissions, ...mirrorReadPermissions]),
      );
    }
  });

  it('mirrors to that target alone, and ends what bears the tag of a case alone', () => {
    const targets = grantsOf(added('EvidenceFunction')).filter(({ types }) =>
      types.includes('traffic-mirror-target'),
    );
    expect(targets.map(({ resource }) => resource)).toEqual([
      `arn:aws:ec2:eu-central-1:*:traffic-mirror-target/${targetId}`,
    ]);
    const deleting = grantsOf(added('ReleaseFunction')).filter(({ action: one }) =>
      one.startsWith('ec2:Delete'),
    );
    expect(deleting).toHaveLength(2);
    for (const { statement } of deleting) {
      expect(statement.conditions).toEqual({ Null: { 'aws:ResourceTag/cordon:case': ['false'] } });
    }
  });

  it.each(names)('grants %s only on resources and conditions that AWS knows', (holder) => {
    for (const { action: one, resource, types, statement } of grantsOf(added(holder))) {
      expect(resource === '*' ? typesOf(one) : types, one).toHaveLength(resource === '*' ? 0 : 1);
      const keys = Object.values(statement.conditions).flatMap((each) => Object.keys(each));
      for (const key of keys) {
        expect(hasConditionKey(one, types[0] ?? '', key), `${one} ${key}`).toBe(true);
      }
    }
  });

  it('leaves room in the policy for people, and in the roles', () => {
    const full = withParameters(stack, {
      ...parametersFor(...everyOptIn),
      ...mirroring,
      SnapshotLock: 'compliance',
      ForensicAccountId: '999988887777',
      ForensicKmsKeyArn: `arn:aws:kms:eu-central-1:999988887777:key/${'k'.repeat(36)}`,
    });
    expect(managedPolicy(full, 'OnCallReleasePolicy').size).toBeLessThanOrEqual(6_144 - 1_000);
    for (const owner of ['EvidenceFunction', 'ReleaseFunction']) {
      expect(roleOf(full, owner).size, owner).toBeLessThanOrEqual(10_240 - 1_000);
    }
  });
});
