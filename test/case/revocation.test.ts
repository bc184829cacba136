import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  profileNameOf,
  revocationPolicy,
  revocationPolicyName,
} from '../../src/case/revocation.ts';
import { standingRisks } from '../../src/case/risks/standing.ts';
import { accountId, instanceId, instanceWith } from './sample-before.ts';

const roleId = 'AROAEXAMPLEROLEID';
const instanceProfileArn = `arn:aws:iam::${accountId}:instance-profile/web`;
const statements = (region = 'us-east-1', role: string | undefined = roleId) =>
  JSON.parse(revocationPolicy(instanceWith({ region, instanceProfileArn }), role)).Statement;

describe('the policy that takes the credentials of one instance away', () => {
  it('denies everything, and nothing without a condition that names the instance', () => {
    expect(statements()).toHaveLength(2);
    for (const { Effect, Action, Resource, Condition } of statements()) {
      expect([Effect, Action, Resource]).toEqual(['Deny', '*', '*']);
      expect(JSON.stringify(Condition)).toContain(instanceId);
    }
  });

  // threat B1
  it('meets the credentials wherever they are used: by instance, and by session name', () => {
    expect(statements().map(({ Condition }: { Condition: object }) => Condition)).toEqual([
      {
        ArnEquals: {
          'ec2:SourceInstanceARN': `arn:aws:ec2:us-east-1:${accountId}:instance/${instanceId}`,
        },
      },
      { StringLike: { 'aws:userid': `${roleId}:${instanceId}` } },
    ]);
  });

  // fault A17
  it('meets credentials that do not carry the instance, by the name of their session', () => {
    const whole = standingRisks(instanceWith({ instanceProfileArn })).find(
      ({ risk }) => risk === 'role-credentials-valid',
    );
    for (const policy of [JSON.stringify(statements()), whole?.remedy ?? '']) {
      expect(policy).toContain('ec2:SourceInstanceARN');
      expect(policy).toMatch(new RegExp(`"aws:userid":"[^"]+:${instanceId}"`));
    }
    const conditions = statements().map(({ Condition }: { Condition: object }) => Condition);
    // Two statements, so that either is enough; in one, both would have to hold.
    expect(conditions.map((one: object) => Object.keys(one))).toEqual([
      ['ArnEquals'],
      ['StringLike'],
    ]);
  });

  // fault D8
  it.each(['aws-cn', 'aws-us-gov', 'aws-eusc', 'aws-iso-b'])(
    'is right in the partition %s, which the profile names',
    (partition) => {
      const its = instanceWith({
        instanceProfileArn: instanceProfileArn.replace('aws', partition),
      });
      expect(revocationPolicy(its)).toContain(`"arn:${partition}:ec2:`);
    },
  );

  it('goes by the session name alone where the id of the role is unknown', () => {
    const policy = JSON.parse(revocationPolicy(instanceWith()));
    expect(policy.Statement[1].Condition.StringLike['aws:userid']).toBe(`*:${instanceId}`);
  });

  it('spares every other instance, also one whose id begins alike', () => {
    const others = fc
      .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 17, maxLength: 17 })
      .map((digits) => `i-${digits.join('')}`);
    fc.assert(
      fc.property(others, (other) => {
        if (other === instanceId) return;
        expect(revocationPolicy(instanceWith({ id: other }), roleId)).not.toContain(instanceId);
        expect(revocationPolicyName(other)).not.toBe(revocationPolicyName(instanceId));
      }),
    );
    expect(statements()[1].Condition.StringLike['aws:userid'].endsWith('*')).toBe(false);
  });

  it('finds room beside other inline policies, and its name is one that IAM takes', () => {
    expect(revocationPolicy(instanceWith(), roleId).length).toBeLessThan(1_000);
    expect(revocationPolicyName(instanceId)).toMatch(/^[\w+=,.@-]{1,128}$/);
  });
});

it('the name of a profile is told from its ARN, with a path or without', () => {
  const arn = (name: string) => `arn:aws:iam::${accountId}:instance-profile/${name}`;
  expect(profileNameOf(arn('web'))).toBe('web');
  expect(profileNameOf(arn('team/shop/web'))).toBe('web');
});
