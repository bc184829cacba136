import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { readDefinition } from '../../emulator/template.ts';
import { permissions as intake } from '../../src/intake.ts';
import { permissions as checkSnapshots } from '../../src/steps/check-snapshots.ts';
import { permissions as deregister } from '../../src/steps/deregister-load-balancers.ts';
import { permissions as describeStep } from '../../src/steps/describe.ts';
import { permissions as detach } from '../../src/steps/detach-auto-scaling.ts';
import { permissions as isolate } from '../../src/steps/isolate-alone.ts';
import { permissions as notify } from '../../src/steps/notify.ts';
import { permissions as prepare } from '../../src/steps/prepare-isolation.ts';
import { permissions as protect } from '../../src/steps/protect.ts';
import { permissions as snapshot } from '../../src/steps/snapshot.ts';
import { permissions as tag } from '../../src/steps/tag.ts';
import { permissions as verify } from '../../src/steps/verify.ts';
import { tasksOf } from '../statemachine/definition.ts';
import type { Grant } from './granted.ts';
import { grantsOf } from './granted.ts';
import { hasConditionKey, typesOf } from './iam-actions.ts';
import { roleOf } from './policy.ts';
import { resourcesOfType, template, transform } from './stack.ts';

const stack = await transform();

/** What each function's code calls, as the steps themselves declare it. */
const needed: Readonly<Record<string, readonly string[]>> = {
  IntakeFunction: intake,
  DescribeFunction: describeStep,
  TagFunction: tag,
  DetachAutoScalingFunction: detach,
  DeregisterLoadBalancersFunction: deregister,
  PrepareIsolationFunction: prepare,
  IsolateNetworkFunction: isolate,
  ProtectFunction: protect,
  SnapshotFunction: snapshot,
  CheckSnapshotsFunction: checkSnapshots,
  VerifyFunction: verify,
  ReportFunction: [],
  NotifyFunction: notify,
  ContainFunction: [
    ...describeStep,
    ...tag,
    ...detach,
    ...deregister,
    ...prepare,
    ...isolate,
    ...protect,
    ...snapshot,
    ...verify,
    ...notify,
  ],
};

/** Publishing to an encrypted topic is also using its key. */
const withKey = (permissions: readonly string[]): readonly string[] =>
  permissions.includes('sns:Publish')
    ? [...permissions, 'kms:GenerateDataKey', 'kms:Decrypt']
    : permissions;

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].toSorted();

const owners = Object.keys(needed);
const roles = owners.map((owner) => ({ owner, role: roleOf(stack, owner) }));
const grants = roles.flatMap(({ owner, role }) =>
  grantsOf(role.statements).map((grant) => ({ owner, ...grant })),
);

const typesGranted = (owner: string, action: string): readonly string[] =>
  sorted(grants.filter((one) => one.owner === owner && one.action === action).flatMap(typesIn));

const typesIn = ({ types }: Pick<Grant, 'types'>): readonly string[] => types;

/** Grants of some actions that reach some type of resource, `*` included. */
const reaching = (actions: readonly string[], type: string) =>
  grants
    .filter(({ action }) => actions.includes(action))
    .filter(({ resource, types }) => resource === '*' || types.includes(type));

it('every function has a list of what it needs', () => {
  const functions = resourcesOfType(template, 'AWS::Serverless::Function').map(([name]) => name);
  expect(sorted(owners)).toEqual(sorted(functions));
});

describe.each(roles)('The role of $owner', ({ owner, role }) => {
  it('grants what its step calls: nothing is missing, nothing is surplus', () => {
    const actions = role.statements.flatMap((statement) => statement.actions);
    expect(sorted(actions)).toEqual(sorted(withKey(needed[owner] ?? [])));
  });

  it('has beside it only the log and the trace', () => {
    expect(role.managed.map((arn) => arn.split('/').at(-1)).toSorted()).toEqual([
      'AWSLambdaBasicExecutionRole',
      'AWSXrayWriteOnlyAccess',
    ]);
  });

  it('is made of plain grants that fit into a role', () => {
    for (const statement of role.statements) {
      expect(statement).toMatchObject({ effect: 'Allow', others: [] });
      expect(statement.actions.filter((action) => action.includes('*'))).toEqual([]);
    }
    expect(role.size).toBeLessThanOrEqual(10_240);
  });
});

describe('What the grants are about', () => {
  const rows = grants.map((grant) => ({
    ...grant,
    name: `${grant.owner} ${grant.action} ${grant.resource}`,
  }));

  it('is everything only for actions that cannot be narrowed', () => {
    const wide = rows.filter(({ resource, action }) => resource === '*' && typesOf(action).length);
    expect(wide.map(({ name }) => name)).toEqual([]);
  });

  it('is a resource that the action can be about', () => {
    const idle = rows.filter(({ resource, types }) => resource !== '*' && types.length === 0);
    expect(idle.map(({ name }) => name)).toEqual([]);
  });

  it('is only what AWS asks about: the tags of a resource that has them', () => {
    const odd = rows.flatMap(({ name, action, types, statement }) =>
      Object.values(statement.conditions)
        .flatMap((keys) => Object.keys(keys))
        .filter((key) => !types.every((type) => hasConditionKey(action, type, key)))
        .map((key) => `${name}: ${key}`),
    );
    expect(odd).toEqual([]);
  });

  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
  it.each([
    ['ec2:CreateSecurityGroup', 'PrepareIsolationFunction', ['security-group', 'vpc']],
    [
      'ec2:AuthorizeSecurityGroupIngress',
      'PrepareIsolationFunction',
      ['security-group', 'security-group-rule'],
    ],
    [
      'ec2:AuthorizeSecurityGroupEgress',
      'PrepareIsolationFunction',
      ['security-group', 'security-group-rule'],
    ],
    ['ec2:RevokeSecurityGroupIngress', 'PrepareIsolationFunction', ['security-group']],
    ['ec2:RevokeSecurityGroupEgress', 'PrepareIsolationFunction', ['security-group']],
    ['ec2:CreateTags', 'PrepareIsolationFunction', ['network-interface', 'security-group']],
    [
      'ec2:ModifyNetworkInterfaceAttribute',
      'IsolateNetworkFunction',
      ['instance', 'network-interface', 'security-group', 'subnet'],
    ],
    ['ec2:ModifyInstanceAttribute', 'ProtectFunction', ['instance', 'volume']],
    ['ec2:CreateTags', 'ProtectFunction', ['volume']],
    ['ec2:CreateTags', 'TagFunction', ['instance']],
    ['ec2:CreateSnapshots', 'SnapshotFunction', ['instance', 'snapshot', 'volume']],
    ['ec2:CreateTags', 'SnapshotFunction', ['snapshot']],
    ['autoscaling:DetachInstances', 'DetachAutoScalingFunction', ['autoscalinggroup']],
    ['elasticloadbalancing:DeregisterTargets', 'DeregisterLoadBalancersFunction', ['targetgroup']],
    [
      'elasticloadbalancing:DeregisterInstancesFromLoadBalancer',
      'DeregisterLoadBalancersFunction',
      ['loadbalancer'],
    ],
  ])('%s by %s is granted on all that one call is about', (action, owner, types) => {
    expect(typesGranted(owner, action)).toEqual(types);
    expect(typesGranted('ContainFunction', action)).toEqual(expect.arrayContaining(types));
  });

  it('may lie in a VPC that another account shares', () => {
    const shared = rows.filter(({ types }) => types.includes('vpc') || types.includes('subnet'));
    const ownOnly = shared.filter(({ resource }) => resource.split(':')[4] !== '*');
    expect(ownOnly.map(({ name }) => name)).toEqual([]);
  });
});

describe('The limits of the grants that change something', () => {
  const cordonsRoles = ['isolation', 'transition'];

  it('tags: only Cordon’s own are written', () => {
    const tagging = grants.filter(({ action }) => action === 'ec2:CreateTags');
    expect(tagging.length).toBeGreaterThan(0);
    for (const { statement } of tagging) {
      expect(statement.conditions).toEqual({
        'ForAllValues:StringLike': { 'aws:TagKeys': ['cordon:*'] },
      });
    }
  });

  it('interfaces: only Cordon’s groups are attached', () => {
    const attaching = reaching(['ec2:ModifyNetworkInterfaceAttribute'], 'security-group');
    expect(attaching.length).toBeGreaterThan(0);
    for (const { statement } of attaching) {
      expect(statement.conditions).toEqual({
        StringEquals: { 'aws:ResourceTag/cordon:role': cordonsRoles },
      });
    }
  });

  it('groups: only Cordon’s own are made', () => {
    const making = reaching(['ec2:CreateSecurityGroup'], 'security-group');
    expect(making.length).toBeGreaterThan(0);
    for (const { statement } of making) {
      expect(statement.conditions).toEqual({
        StringEquals: { 'aws:RequestTag/cordon:role': cordonsRoles },
      });
    }
  });

  it('rules: only those of Cordon’s own groups are changed', () => {
    const changing = reaching(
      [
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:AuthorizeSecurityGroupEgress',
        'ec2:RevokeSecurityGroupIngress',
        'ec2:RevokeSecurityGroupEgress',
      ],
      'security-group',
    );
    expect(changing.length).toBeGreaterThan(0);
    for (const { statement } of changing) {
      expect(statement.conditions).toEqual({
        StringEquals: { 'aws:ResourceTag/cordon:role': cordonsRoles },
      });
    }
  });
});

describe('The role of the state machine', () => {
  const { statements, managed } = roleOf(stack, 'ContainmentStateMachine');
  const resourcesFor = (action: string) =>
    sorted(
      statements.filter(({ actions }) => actions.includes(action)).flatMap((one) => one.resources),
    );

  it('invokes the functions of its tasks, and no others', () => {
    const called = tasksOf().map(
      ({ functionId }) => `arn:aws:lambda:eu-central-1:123456789012:function:${functionId}`,
    );
    expect(resourcesFor('lambda:InvokeFunction')).toEqual(sorted(called));
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
  it.each([
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
    'logs:DescribeLogGroups',
  ])('delivers its log, which takes %s', (action) => {
    expect(resourcesFor(action)).toEqual(['*']);
  });

  it('writes its trace, and may do nothing else', () => {
    expect(managed.map((arn) => arn.split('/').at(-1))).toEqual(['AWSXrayWriteOnlyAccess']);
    const others = statements
      .flatMap(({ actions }) => actions)
      .filter((action) => !action.startsWith('logs:') && action !== 'lambda:InvokeFunction');
    expect(others).toEqual([]);
  });
});

it('no ARN is bound to the partition of the commercial Regions', () => {
  const text = readFileSync(inProject('template.yaml'), 'utf8') + readDefinition();
  expect(text.match(/arn:aws[\w-]*:.*/g)).toBeNull();
  expect(text).toMatch(/arn:\$\{AWS::Partition\}:/);
});
