import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { functionsOf, readTemplate } from '../../emulator/deploy/template.ts';
import { inProject } from '../../emulator/project.ts';
import { hasConditionKey, typesOf } from '../template/iam-actions.ts';
import type { Statement } from '../template/policy.ts';
import { roleOf, statementsOf } from '../template/policy.ts';
import { at, transform } from '../template/stack.ts';

const text = readFileSync(inProject('docs', 'service-control-policy.json'), 'utf8');
const page = readFileSync(inProject('docs', 'service-control-policy.md'), 'utf8');
const policy: unknown = JSON.parse(text);
const stack = await transform();
const statements = statementsOf(stack, policy);

const account = '123456789012';
const functionIds = [...functionsOf(readTemplate()).keys()];

/** The name that CloudFormation gives the role of a function, in a stack named `cordon`. */
const roleName = (functionId: string): string => `cordon-${functionId}Role-1A2B3C4D5E6F`;

const roleArn = (name: string, partition = 'aws'): string =>
  `arn:${partition}:iam::${account}:role/${name}`;

const ec2Arn = (resource: string): string => `arn:aws:ec2:eu-central-1:${account}:${resource}`;

interface Request {
  readonly action: string;
  readonly resource: string;
  readonly principal: string;
  /** Absent when the request names no tags at all. */
  readonly tagKeys?: readonly string[];
  readonly resourceTags?: Readonly<Record<string, string>>;
}

const like = (pattern: string, value: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(
    value,
  );

/** An ARN has six parts, and a wildcard never reaches from one into the next. */
const arnLike = (pattern: string, arn: string): boolean => {
  const parts = (one: string) => [...one.split(':', 5), one.split(':').slice(5).join(':')];
  const values = parts(arn);
  return parts(pattern).every((part, index) => like(part, values[index] ?? ''));
};

const valuesOf = (request: Request, key: string): readonly string[] | undefined => {
  if (key === 'aws:TagKeys') return request.tagKeys;
  if (key === 'aws:PrincipalArn') return [request.principal];
  const tag = request.resourceTags?.[key.replace('aws:ResourceTag/', '')];
  return tag === undefined ? undefined : [tag];
};

/**
 * The operators that the policy uses, as IAM evaluates them
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 */
const operators: Readonly<
  Record<string, (patterns: readonly string[], values?: readonly string[]) => boolean>
> = {
  StringEquals: (patterns, values = []) => values.some((value) => patterns.includes(value)),
  'ForAnyValue:StringLike': (patterns, values = []) =>
    values.some((value) => patterns.some((pattern) => like(pattern, value))),
  ArnNotLike: (patterns, values = []) =>
    !values.some((value) => patterns.some((pattern) => arnLike(pattern, value))),
  Null: (patterns, values) => patterns.includes(String(values === undefined)),
};

const applies = (statement: Statement, request: Request): boolean =>
  statement.actions.includes(request.action) &&
  statement.resources.some((one) => one === '*' || arnLike(one, request.resource)) &&
  Object.entries(statement.conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, patterns]) =>
      operators[operator]?.(patterns, valuesOf(request, key)),
    ),
  );

const denies = (request: Omit<Request, 'principal'>, principal = roleArn('admin')): boolean =>
  statements.some((statement) => applies(statement, { ...request, principal }));

const anInstance = ec2Arn('instance/i-0123456789abcdef0');
const aGroup = ec2Arn('security-group/sg-0123456789abcdef0');
const ofACase = { 'cordon:case': '20261120T0250Z-i-0123456789abcdef0' };

const groupActions = [
  'ec2:AuthorizeSecurityGroupIngress',
  'ec2:AuthorizeSecurityGroupEgress',
  'ec2:RevokeSecurityGroupIngress',
  'ec2:RevokeSecurityGroupEgress',
  'ec2:ModifySecurityGroupRules',
  'ec2:UpdateSecurityGroupRuleDescriptionsIngress',
  'ec2:UpdateSecurityGroupRuleDescriptionsEgress',
  'ec2:DeleteSecurityGroup',
  'ec2:CreateTags',
  'ec2:DeleteTags',
];

const tagActions = ['ec2:CreateTags', 'ec2:DeleteTags'];

describe('The service control policy', () => {
  it('is made of plain denials, in the elements that such a policy may have', () => {
    expect(at(policy, 'Version')).toBe('2012-10-17');
    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) {
      expect(statement).toMatchObject({ effect: 'Deny', services: [], others: [] });
      expect(statement.sid).toMatch(/^[A-Za-z0-9]+$/);
    }
  });

  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html: 10,240
  // characters, white space included when the AWS CLI saves it; 5,120 until May 2026.
  it('fits, as it is written, into the smaller quota that AWS had', () => {
    expect(text.length).toBeLessThanOrEqual(5_120);
  });

  it('names actions that exist, and none by a wildcard', () => {
    for (const action of statements.flatMap(({ actions }) => actions)) {
      expect(typesOf(action).length, action).toBeGreaterThan(0);
      expect(action).not.toContain('*');
    }
  });

  it('tests keys that requests on such resources carry', () => {
    const tagged = ['instance', 'network-interface', 'volume', 'snapshot', 'security-group'];
    for (const type of tagged) {
      for (const action of tagActions) {
        expect(typesOf(action)).toContain(type);
        expect(hasConditionKey(action, type, 'aws:TagKeys')).toBe(true);
        expect(hasConditionKey(action, type, 'aws:ResourceTag/cordon:case')).toBe(true);
      }
    }
    for (const action of groupActions) {
      expect(typesOf(action)).toContain('security-group');
      expect(hasConditionKey(action, 'security-group', 'aws:ResourceTag/cordon:role')).toBe(true);
    }
  });

  it('uses no operator that these tests do not understand', () => {
    const used = statements.flatMap(({ conditions }) => Object.keys(conditions));
    expect(used.filter((one) => operators[one] === undefined)).toEqual([]);
  });

  it('is explained, statement by statement', () => {
    for (const { sid } of statements) expect(page).toContain(`\`${sid}\``);
  });
});

describe('The exception', () => {
  it('is in every statement, and the same in all', () => {
    const exceptions = statements.map(({ conditions }) => conditions.ArnNotLike);
    for (const one of exceptions) expect(one).toEqual(exceptions[0]);
    expect(exceptions[0]?.['aws:PrincipalArn']?.length).toBe(2);
  });

  const doing = functionIds.filter((id) =>
    roleOf(stack, id).statements.some(({ actions }) =>
      actions.some((action) => groupActions.includes(action)),
    ),
  );

  it('has somebody to be for', () => {
    expect(doing).toContain('PrepareIsolationFunction');
    expect(doing).toContain('TagFunction');
  });

  it.each(doing)('lets %s do its work, in every partition', (functionId) => {
    const name = roleName(functionId);
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    expect(name.length).toBeLessThanOrEqual(64);
    for (const partition of ['aws', 'aws-cn', 'aws-us-gov']) {
      const principal = roleArn(name, partition);
      for (const action of groupActions) {
        const request = { action, resource: aGroup, tagKeys: ['cordon:role'] };
        const resourceTags = { 'cordon:role': 'isolation' };
        expect(denies({ ...request, resourceTags }, principal)).toBe(false);
      }
    }
  });

  it('lets the responders through by their break-glass role', () => {
    const request = { action: 'ec2:CreateTags', resource: anInstance, tagKeys: ['cordon:case'] };
    expect(denies(request, roleArn('cordon-break-glass'))).toBe(false);
  });

  it.each([
    'admin',
    'cordon-admin',
    'cordon-ContainmentStateMachineRole-1A2B3C4D5E6F',
    'my-cordon-TagFunctionRole-1A2B3C4D5E6F',
    'cordon-break-glass-2',
    'path/cordon-break-glass',
  ])('is not for the role %s', (name) => {
    const request = { action: 'ec2:CreateTags', resource: anInstance, tagKeys: ['cordon:case'] };
    expect(denies(request, roleArn(name))).toBe(true);
  });

  it('is not for a user, nor for the root of the account', () => {
    const request = { action: 'ec2:CreateTags', resource: anInstance, tagKeys: ['cordon:case'] };
    expect(denies(request, `arn:aws:iam::${account}:user/cordon-TagFunctionRole-1`)).toBe(true);
    expect(denies(request, `arn:aws:iam::${account}:root`)).toBe(true);
  });
});

describe('For everybody else', () => {
  it.each(tagActions)('%s is denied with a key of Cordon’s, alone or among others', (action) => {
    expect(denies({ action, resource: anInstance, tagKeys: ['cordon:status'] })).toBe(true);
    expect(denies({ action, resource: anInstance, tagKeys: ['Name', 'cordon:case'] })).toBe(true);
  });

  it.each(tagActions)('%s goes on with other keys', (action) => {
    expect(denies({ action, resource: anInstance, tagKeys: ['Name'] })).toBe(false);
    expect(denies({ action, resource: anInstance, tagKeys: ['Name'], resourceTags: ofACase })).toBe(
      false,
    );
  });

  it('the tags of a case cannot be deleted by naming none', () => {
    const clearing = { action: 'ec2:DeleteTags', resource: anInstance };
    expect(denies({ ...clearing, resourceTags: ofACase })).toBe(true);
    expect(denies({ ...clearing, resourceTags: { Name: 'web' } })).toBe(false);
  });

  // fault A2
  it.each([
    'ec2:CreateNetworkInterface',
    'ec2:ModifyNetworkInterfaceAttribute',
    'ec2:ModifyInstanceAttribute',
    'ec2:RunInstances',
  ])('%s puts no group of Cordon on an interface, and any other', (action) => {
    const resourceTags = { 'cordon:role': 'isolation' };
    expect(denies({ action, resource: aGroup, resourceTags })).toBe(true);
    expect(denies({ action, resource: aGroup })).toBe(false);
    expect(hasConditionKey(action, 'security-group', 'aws:ResourceTag/cordon:role')).toBe(true);
  });

  it.each(groupActions)('%s is denied on the groups of Cordon, and on no others', (action) => {
    for (const role of ['isolation', 'transition']) {
      const resourceTags = { 'cordon:role': role };
      expect(denies({ action, resource: aGroup, tagKeys: ['Name'], resourceTags })).toBe(true);
    }
    expect(denies({ action, resource: aGroup, tagKeys: ['Name'] })).toBe(false);
  });
});
