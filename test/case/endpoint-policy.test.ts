import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Allowed } from '../../src/case/endpoint-policy.ts';
import { allowedBy } from '../../src/case/endpoint-policy.ts';
import { anyText } from './any-text.ts';
import { accountId } from './sample-before.ts';

const covers = (resource: string): Allowed => (resource === '*' ? 'yes' : 'unknown');
const asked = { action: 'ssm:UpdateInstanceInformation', accountId, covers };

const allow = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
const deny = { ...allow, Effect: 'Deny' };

const answer = (...statements: readonly object[]): Allowed =>
  allowedBy(JSON.stringify({ Statement: statements }), asked);

const under = (Condition: object): Allowed => answer({ ...allow, Condition });

describe('the policy of an endpoint', () => {
  it.each<[string, Allowed, readonly object[]]>([
    ['lets everything through as AWS makes it', 'yes', [allow]],
    ['lets through what it names', 'yes', [{ ...allow, Action: ['ssm:*'] }]],
    ['names actions in any case', 'yes', [{ ...allow, Action: 'SSM:updateinstanceinformation' }]],
    ['names everybody as AWS principals too', 'yes', [{ ...allow, Principal: { AWS: ['*'] } }]],
    [
      'allows nothing where it names another action',
      'no',
      [{ ...allow, Action: 'ssm:GetParameter' }],
    ],
    ['allows nothing where it names nothing', 'no', []],
    ['denies whatever else it allows', 'no', [allow, deny]],
    ['denies nothing by denying another call', 'yes', [allow, { ...deny, Action: 's3:*' }]],
    [
      'is in doubt under a denial of some resources',
      'unknown',
      [allow, { ...deny, Resource: 'arn:x' }],
    ],
    ['allows nothing under a doubtful denial either', 'no', [{ ...deny, Resource: 'arn:x' }]],
    ['is in doubt for certain principals', 'unknown', [{ ...allow, Principal: { AWS: 'arn:x' } }]],
    ['is in doubt with a wildcard in the middle', 'unknown', [{ ...allow, Action: 's*:Update*' }]],
    [
      'is in doubt where it names what it does not mean',
      'unknown',
      [{ Effect: 'Allow', Principal: '*', NotAction: 's3:*', Resource: '*' }],
    ],
    ['takes an effect that is none for a denial', 'no', [allow, { ...allow, Effect: 'allow' }]],
  ])('%s', (_, expected, statements) => {
    expect(answer(...statements)).toBe(expected);
  });

  it('may confine the callers to the own account', () => {
    expect(under({ StringEquals: { 'aws:PrincipalAccount': accountId } })).toBe('yes');
    expect(under({ StringEquals: { 'AWS:PrincipalAccount': ['1', accountId] } })).toBe('yes');
    expect(under({ StringEquals: { 'aws:PrincipalAccount': '999999999999' } })).toBe('no');
    expect(under({ StringEquals: { 'aws:ResourceAccount': '999999999999' } })).toBe('unknown');
    expect(under({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })).toBe('unknown');
    expect(under({ StringNotEquals: { 'aws:PrincipalAccount': accountId } })).toBe('unknown');
  });

  it('lets everything through where there is none, and is in doubt where it is not JSON', () => {
    expect(allowedBy(undefined, asked)).toBe('yes');
    expect(allowedBy('{', asked)).toBe('unknown');
    expect(allowedBy('{"Statement": 1}', asked)).toBe('unknown');
  });

  it('is never taken to allow what it denies, whatever else somebody wrote into it', () => {
    const anyStatement = fc.record({
      Effect: fc.oneof(fc.constantFrom('Allow', 'Deny'), anyText()),
      Principal: fc.anything(),
      Action: fc.oneof(fc.constantFrom('*', 'ssm:*'), anyText(), fc.array(anyText())),
      Resource: fc.oneof(fc.constant('*'), anyText()),
    });
    fc.assert(
      fc.property(fc.array(anyStatement), (statements) => {
        expect(answer(...statements, deny)).not.toBe('yes');
      }),
    );
  });

  it('is answered, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), fc.json()), (text) => {
        expect(['yes', 'no', 'unknown']).toContain(allowedBy(text, asked));
      }),
    );
  });

  it('costs no more for a pattern that is all wildcards', () => {
    expect(answer({ ...allow, Action: '*a'.repeat(5_000) })).toBe('unknown');
  });
});
