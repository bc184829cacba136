import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  profileNameOf,
  revocationPolicy,
  revocationPolicyName,
} from '../../src/case/revocation.ts';
import { accountId, instanceId, instanceWith } from './sample-before.ts';

const roleId = 'AROAEXAMPLEROLEID';
const statements = (region = 'us-east-1', role: string | undefined = roleId) =>
  JSON.parse(revocationPolicy(instanceWith({ region }), role)).Statement;

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

  it.each([
    ['cn-north-1', 'arn:aws-cn:ec2:'],
    ['us-gov-west-1', 'arn:aws-us-gov:ec2:'],
  ])('is right in the partition of %s', (region, beginning) => {
    expect(JSON.stringify(statements(region))).toContain(beginning);
  });

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
