import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../emulator/deploy/template.ts';
import { inProject } from '../../emulator/project.ts';
import { tasksOf } from '../statemachine/definition.ts';
import type { Grant } from './granted.ts';
import { grantsOf } from './granted.ts';
import { hasConditionKey, typesOf } from './iam-actions.ts';
import { neededWith, sorted } from './needed.ts';
import { everyOptIn, optedInto, stack } from './opted-in.ts';
import type { Statement } from './policy.ts';
import { managedPolicy, roleOf } from './policy.ts';
import { resourcesOfType, template } from './stack.ts';

/** Every statement that the template has is looked at: those that need an opt-in too. */
const full = optedInto(...everyOptIn);
const needed = neededWith();

const owners = Object.keys(needed);
const roles = owners.map((owner) => ({ owner, role: roleOf(stack, owner) }));
const managedPolicies = ['OnCallReadPolicy', 'OnCallPolicy', 'OnCallReinforcePolicy'];
const ownedBy = (owner: string, statements: readonly Statement[]) =>
  grantsOf(statements).map((grant) => ({ owner, ...grant }));
const grants = [
  ...owners.flatMap((owner) => ownedBy(owner, roleOf(full, owner).statements)),
  ...managedPolicies.flatMap((owner) => ownedBy(owner, managedPolicy(full, owner).statements)),
];
const release = ownedBy(
  'OnCallReleasePolicy',
  managedPolicy(full, 'OnCallReleasePolicy').statements,
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
  // threat H1
  it('grants what its step calls: nothing is missing, nothing is surplus', () => {
    const actions = role.statements.flatMap((statement) => statement.actions);
    expect(sorted(actions)).toEqual(needed[owner]);
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
    expect(roleOf(full, owner).size).toBeLessThanOrEqual(10_240);
  });
});

describe('What the grants are about', () => {
  const rows = [...grants, ...release].map((grant) => ({
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
    [
      'ec2:CreateTags',
      'PrepareIsolationFunction',
      ['instance', 'network-interface', 'security-group'],
    ],
    [
      'ec2:ModifyNetworkInterfaceAttribute',
      'IsolateNetworkFunction',
      ['instance', 'network-interface', 'security-group', 'subnet'],
    ],
    ['ec2:ModifyInstanceAttribute', 'ProtectFunction', ['instance', 'volume']],
    ['ec2:CreateTags', 'ProtectFunction', ['instance', 'volume']],
    ['ec2:CreateTags', 'DetachAutoScalingFunction', ['instance']],
    ['ec2:CreateTags', 'DeregisterLoadBalancersFunction', ['instance']],
    ['ec2:CreateTags', 'TagFunction', ['instance', 'network-acl', 'network-interface', 'volume']],
    ['ec2:CreateSnapshots', 'SnapshotFunction', ['instance', 'snapshot', 'volume']],
    ['ec2:CreateSnapshot', 'SnapshotFunction', ['snapshot', 'volume']],
    ['ec2:CreateTags', 'SnapshotFunction', ['snapshot']],
    ['autoscaling:DetachInstances', 'DetachAutoScalingFunction', ['autoscalinggroup']],
    ['autoscaling:EnterStandby', 'DetachAutoScalingFunction', ['autoscalinggroup']],
    ['autoscaling:SuspendProcesses', 'DetachAutoScalingFunction', ['autoscalinggroup']],
    ['ec2:CreateTags', 'ReinforceCutFunction', ['instance', 'network-acl', 'network-interface']],
    ['elasticloadbalancing:DeregisterTargets', 'DeregisterLoadBalancersFunction', ['targetgroup']],
    [
      'elasticloadbalancing:DeregisterInstancesFromLoadBalancer',
      'DeregisterLoadBalancersFunction',
      ['loadbalancer'],
    ],
  ])('%s by %s is granted on all that one call is about', (action, owner, types) => {
    expect(typesGranted(owner, action)).toEqual(types);
    const byHand = ['OnCallPolicy', 'OnCallReinforcePolicy'].flatMap((policy) => [
      ...typesGranted(policy, action),
    ]);
    expect(typesGranted('ContainFunction', action)).toEqual(expect.arrayContaining(types));
    expect(sorted(byHand)).toEqual(expect.arrayContaining(types));
  });

  it('may lie in a VPC that another account shares', () => {
    const shared = rows.filter(({ types }) => types.includes('vpc') || types.includes('subnet'));
    const ownOnly = shared.filter(({ resource }) => resource.split(':')[4] !== '*');
    expect(ownOnly.map(({ name }) => name)).toEqual([]);
  });
});

describe('The limits of the grants that change something', () => {
  const cordonsRoles = ['isolation', 'transition'];

  // threat H1
  it('tags: only Cordon’s own are written', () => {
    const tagging = grants.filter(({ action }) => action === 'ec2:CreateTags');
    expect(tagging.length).toBeGreaterThan(0);
    for (const { statement } of tagging) {
      expect(statement.conditions).toMatchObject({
        'ForAllValues:StringLike': { 'aws:TagKeys': ['cordon:*'] },
      });
    }
  });

  // threat H1
  it('groups are tagged only in the making: the tag on another group would open it to Cordon', () => {
    const tagging = reaching(['ec2:CreateTags'], 'security-group');
    expect(tagging.length).toBeGreaterThan(0);
    for (const { statement } of tagging) {
      expect(statement.conditions).toMatchObject({
        StringEquals: { 'ec2:CreateAction': ['CreateSecurityGroup'] },
      });
    }
  });

  // threat H1
  it('interfaces: only Cordon’s groups are attached, but by a release', () => {
    const all = reaching(['ec2:ModifyNetworkInterfaceAttribute'], 'security-group');
    const attaching = all.filter(({ owner }) => owner !== 'ReleaseFunction');
    expect(attaching.length).toBeGreaterThan(0);
    for (const { statement } of attaching) {
      expect(statement.conditions).toEqual({
        StringEquals: { 'aws:ResourceTag/cordon:role': cordonsRoles },
      });
    }
  });

  /*
   * A role that may write UserData decides what the host runs at its next start. The key has the name
   * of the attribute, in the case of the API
   * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html#attribute-key).
   * It is documented for attributes of one value, and UserData is one; for block device mappings it
   * may be missing. A change of Groups needs a grant on the groups, which only a release has.
   */
  // fault D10
  it('instances: only the attributes that Cordon changes, never what the host runs', () => {
    const changing = [...grants, ...release].filter(
      ({ action }) => action === 'ec2:ModifyInstanceAttribute',
    );
    expect(sorted(changing.map(({ owner }) => owner))).toEqual([
      'ContainFunction',
      'OnCallPolicy',
      'OnCallReleasePolicy',
      'ProtectFunction',
      'ReleaseFunction',
    ]);
    expect(sorted(changing.flatMap(typesIn))).toEqual(['instance', 'volume']);
    for (const { statement } of changing) {
      expect(statement.conditions).toEqual({
        StringEqualsIgnoreCaseIfExists: {
          'ec2:Attribute': [
            'DisableApiTermination',
            'DisableApiStop',
            'InstanceInitiatedShutdownBehavior',
            'BlockDeviceMapping',
            'BlockDeviceMappings',
          ],
        },
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

  // threat H1
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

  it('writes its trace, has people asked, and may do nothing else', () => {
    expect(managed.map((arn) => arn.split('/').at(-1))).toEqual(['AWSXrayWriteOnlyAccess']);
    const others = statements
      .flatMap(({ actions }) => actions)
      .filter((action) => !action.startsWith('logs:') && action !== 'lambda:InvokeFunction');
    expect(others).toEqual(['states:StartExecution']);
    expect(resourcesFor('states:StartExecution')).toEqual([
      expect.stringContaining(':stateMachine:cordon-ask-'),
    ]);
  });
});

it('no ARN is bound to the partition of the commercial Regions', () => {
  const text = readFileSync(inProject('template.yaml'), 'utf8') + readDefinition();
  expect(text.match(/arn:aws[\w-]*:.*/g)).toBeNull();
  expect(text).toMatch(/arn:\$\{AWS::Partition\}:/);
});
