import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { reinforcementNamed, reinforcementNames } from '../../src/actions/index.ts';
import { outboxPermissions } from '../../src/record/outbox/outbox.ts';
import { withDescribe } from '../../src/steps/with-describe.ts';
import { typesNamed } from './iam-actions.ts';
import { neededWith, sorted } from './needed.ts';
import type { OptIn } from './opted-in.ts';
import { everyOptIn, optedInto, optIns, parametersFor, revocableRoles, stack } from './opted-in.ts';
import type { Statement } from './policy.ts';
import { managedPolicy, roleOf } from './policy.ts';
import { isMet, withParameters } from './resolve.ts';
import type { Stack } from './stack.ts';
import { at, resource, resourcesOfType } from './stack.ts';

/** Who makes the further cuts: the state machine's function, the one for the on-call, a person. */
const makers: Readonly<Record<string, (deployed: Stack) => readonly Statement[]>> = {
  ReinforceCutFunction: (deployed) => roleOf(deployed, 'ReinforceCutFunction').statements,
  ContainFunction: (deployed) => roleOf(deployed, 'ContainFunction').statements,
  OnCallReinforcePolicy: (deployed) => managedPolicy(deployed, 'OnCallReinforcePolicy').statements,
};
const makerNames = Object.keys(makers);

/** Who gives a false alarm its server back has rights of its own for that: a person, or the machine. */
const givers: Readonly<Record<string, (deployed: Stack) => readonly Statement[]>> = {
  OnCallReleasePolicy: (deployed) => [
    ...managedPolicy(deployed, 'OnCallReleasePolicy').statements,
    ...(isMet(deployed, 'CutsHosts') ? managedPolicy(deployed, 'OnCallHostPolicy').statements : []),
  ],
  ReleaseFunction: (deployed) => roleOf(deployed, 'ReleaseFunction').statements,
};
const giverNames = Object.keys(givers);

const statementsOf = (maker: string, deployed: Stack): readonly Statement[] =>
  makers[maker]?.(deployed) ?? [];

/** The statements that a stack has because it opts into some cuts. */
const added = (maker: string, ...cuts: readonly OptIn[]): readonly Statement[] => {
  const without = new Set(statementsOf(maker, stack).map((one) => JSON.stringify(one)));
  return statementsOf(maker, optedInto(...cuts)).filter((one) => !without.has(JSON.stringify(one)));
};

const actionsIn = (statements: readonly Statement[]): readonly string[] =>
  sorted(statements.flatMap(({ actions }) => actions));

/** What one action of some statements is granted on: kinds of resources, or `*`. */
const kindsOf = (statements: readonly Statement[], action: string): readonly string[] =>
  sorted(
    statements
      .filter(({ actions }) => actions.includes(action))
      .flatMap(({ resources }) => resources)
      .flatMap((one) => (one === '*' ? ['*'] : typesNamed(action, one))),
  );

/** Every statement of every role and managed policy, with whose it is. */
const allStatements = (deployed: Stack): readonly (Statement & { readonly owner: string })[] => [
  ...resourcesOfType(deployed, 'AWS::IAM::Role').flatMap(([logicalId]) => {
    const owner = logicalId.replace(/Role$/, '');
    return roleOf(deployed, owner).statements.map((one) => ({ owner, ...one }));
  }),
  ...resourcesOfType(deployed, 'AWS::IAM::ManagedPolicy')
    .filter(([, { Condition }]) => Condition === undefined || isMet(deployed, Condition))
    .flatMap(([owner]) =>
      managedPolicy(deployed, owner).statements.map((one) => ({ owner, ...one })),
    ),
];

// fault T3
it('every further cut but the idle timeouts needs an opt-in', () => {
  expect(['idle-timeouts', ...everyOptIn]).toEqual([...reinforcementNames]);
  for (const parameter of Object.values(optIns)) {
    expect(stack.Parameters[parameter]).toMatchObject({
      Default: 'false',
      AllowedValues: ['true', 'false'],
    });
  }
});

describe('A stack that opts into nothing', () => {
  it('lets the function lower idle timeouts, and do nothing else beyond describing', () => {
    expect(actionsIn(statementsOf('ReinforceCutFunction', stack))).toEqual(
      sorted([
        ...withDescribe(reinforcementNamed('idle-timeouts').permissions),
        ...outboxPermissions,
      ]),
    );
  });

  it('has no managed policy for further cuts by hand', () => {
    expect(resource(stack, 'OnCallReinforcePolicy').Condition).toBe('CutsFurther');
    expect(at(stack.Outputs, 'OnCallReinforcePolicyArn', 'Condition')).toBe('CutsFurther');
    expect(isMet(stack, 'CutsFurther')).toBe(false);
    expect(statementsOf('OnCallReinforcePolicy', stack)).toEqual([]);
  });
});

describe.each(everyOptIn)('A stack that opts into %s', (cut) => {
  const deployed = optedInto(cut);

  it('adds to the functions exactly what this cut calls', () => {
    for (const owner of ['ReinforceCutFunction', 'ContainFunction']) {
      expect(actionsIn(statementsOf(owner, deployed)), owner).toEqual(neededWith(cut)[owner]);
      const beyond = actionsIn(added(owner, cut)).filter(
        (action) => !reinforcementNamed(cut).permissions.includes(action),
      );
      expect(beyond, owner).toEqual([]);
    }
  });

  it('gives the on-call, in a managed policy, the same statements and no others', () => {
    expect(isMet(deployed, 'CutsFurther')).toBe(true);
    const ofFunction = added('ReinforceCutFunction', cut);
    expect(ofFunction.length).toBeGreaterThan(0);
    expect(added('ContainFunction', cut)).toEqual(ofFunction);
    expect(statementsOf('OnCallReinforcePolicy', deployed)).toEqual(ofFunction);
  });

  it('changes nobody else’s rights', () => {
    const others = (one: Stack) =>
      allStatements(one).filter(
        ({ owner }) => ![...makerNames, ...giverNames, 'OnCallHostPolicy'].includes(owner),
      );
    expect(others(deployed)).toEqual(others(stack));
  });
});

describe('What a further cut may touch', () => {
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
  it.each<[OptIn, Record<string, readonly string[]>]>([
    [
      'nacl-deny',
      {
        'ec2:DescribeNetworkAcls': ['*'],
        'ec2:DescribeVpcs': ['*'],
        'ec2:DescribeManagedPrefixLists': ['*'],
        'ec2:GetManagedPrefixListEntries': ['prefix-list'],
        'ec2:CreateNetworkAclEntry': ['network-acl'],
        'ec2:CreateTags': ['network-acl'],
        'kms:GetPublicKey': ['key'],
      },
    ],
    [
      'disassociate-addresses',
      {
        'ec2:DescribeAddresses': ['*'],
        'ec2:DisassociateAddress': ['elastic-ip', 'network-interface'],
      },
    ],
    ['disable-imds', { 'ec2:ModifyInstanceMetadataOptions': ['instance'] }],
    [
      'revoke-credentials',
      { 'iam:GetInstanceProfile': ['instance-profile'], 'iam:PutRolePolicy': ['role'] },
    ],
    [
      'disassociate-profile',
      {
        'ec2:DescribeIamInstanceProfileAssociations': ['*'],
        'ec2:DisassociateIamInstanceProfile': ['instance'],
      },
    ],
    [
      'host-cut',
      {
        'ssm:DescribeInstanceInformation': ['*'],
        'ssm:GetCommandInvocation': ['*'],
        'ssm:GetDocument': ['document'],
        'ssm:DescribeDocument': ['document'],
        'ssm:SendCommand': ['document', 'instance'],
        'ec2:CreateTags': ['instance'],
      },
    ],
  ])('by %s', (cut, kinds) => {
    const statements = added('ReinforceCutFunction', cut);
    const granted = actionsIn(statements).map((action) => [action, kindsOf(statements, action)]);
    expect(Object.fromEntries(granted)).toEqual(kinds);
  });

  it('are never the groups of an interface: lowering its timeouts names none', () => {
    for (const deployed of [stack, optedInto(...everyOptIn)]) {
      const statements = statementsOf('ReinforceCutFunction', deployed);
      expect(kindsOf(statements, 'ec2:ModifyNetworkInterfaceAttribute')).toEqual([
        'instance',
        'network-interface',
        'subnet',
      ]);
    }
  });

  it('are entries added to a network ACL: none is replaced or deleted', () => {
    const actions = actionsIn(added('ReinforceCutFunction', ...everyOptIn));
    expect(actions.filter((action) => /NetworkAcl/.test(action))).toEqual([
      'ec2:CreateNetworkAclEntry',
      'ec2:DescribeNetworkAcls',
    ]);
  });

  it('is noted in tags of Cordon’s own only', () => {
    const tagging = added('ReinforceCutFunction', 'nacl-deny').filter(({ actions }) =>
      actions.includes('ec2:CreateTags'),
    );
    expect(tagging.map(({ conditions }) => conditions)).toEqual([
      { 'ForAllValues:StringLike': { 'aws:TagKeys': ['cordon:*'] } },
    ]);
  });
});

describe('The right to write policies of roles', () => {
  /** Who asks whether calls would be allowed, and changes nothing. */
  const asker = 'OnCallDoctorPolicy';
  const writing = (deployed: Stack) =>
    allStatements(deployed).filter(({ actions }) => actions.includes('iam:PutRolePolicy'));
  const anyOfIam = (deployed: Stack) =>
    allStatements(deployed)
      .filter(({ owner }) => !giverNames.includes(owner) && owner !== asker)
      .filter(({ actions }) => actions.some((one) => one.startsWith('iam:')));

  it('exists nowhere until credentials may be revoked, whatever else is opted into', () => {
    const others = everyOptIn.filter((cut) => cut !== 'revoke-credentials');
    expect(anyOfIam(optedInto(...others))).toEqual([]);
  });

  it('exists nowhere although roles are listed, as long as revoking is not asked for', () => {
    const listed = { RevocableRoleArns: revocableRoles.join(',') };
    expect(anyOfIam(withParameters(stack, listed))).toEqual([]);
  });

  it('exists nowhere when revoking is asked for and no role is listed', () => {
    expect(anyOfIam(withParameters(stack, { RevokeCredentials: 'true' }))).toEqual([]);
  });

  // threat H6
  it('covers the listed roles, and no other role', () => {
    const deployed = optedInto('revoke-credentials');
    expect(writing(deployed).map(({ owner }) => owner)).toEqual(expect.arrayContaining(makerNames));
    for (const { actions, resources, sid } of writing(deployed)) {
      expect({ sid, actions, resources }).toEqual({
        sid: 'DenyItsSessions',
        actions: ['iam:PutRolePolicy'],
        resources: revocableRoles,
      });
    }
  });

  it('is with those who make further cuts alone, and nothing more of IAM is', () => {
    const deployed = optedInto(...everyOptIn);
    expect(sorted(anyOfIam(deployed).map(({ owner }) => owner))).toEqual(sorted(makerNames));
    expect(actionsIn(anyOfIam(deployed))).toEqual(['iam:GetInstanceProfile', 'iam:PutRolePolicy']);
  });

  it('is not with who asks whether Cordon would work', () => {
    const asked = managedPolicy(stack, asker).statements.flatMap(({ actions }) => actions);
    expect(asked.filter((one) => one.startsWith('iam:'))).toEqual([
      'iam:GetRole',
      'iam:SimulatePrincipalPolicy',
    ]);
  });

  it('stands in the template once, behind the condition, for all of them', () => {
    const text = readFileSync(inProject('template.yaml'), 'utf8');
    const conditional =
      /- !If\n +- RevokesCredentials\n +- Sid: \w+\n +Effect: Allow\n +Action: iam:PutRolePolicy\n/g;
    expect(text.match(/iam:PutRolePolicy/g)).toHaveLength(1);
    expect(text.match(conditional)).toHaveLength(1);
    expect([...new Set(text.match(/(?<=Action: |- )iam:[\w*]+/g))].toSorted()).toEqual([
      'iam:DeleteRolePolicy',
      'iam:GetInstanceProfile',
      'iam:GetRolePolicy',
      'iam:PassRole',
      'iam:PutRolePolicy',
    ]);
  });
});

describe.each(giverNames)('Who gives a false alarm its server back: %s', (giver) => {
  const statements = (...cuts: readonly OptIn[]) => givers[giver]?.(optedInto(...cuts)) ?? [];
  const always = actionsIn(statements());
  const beyond = (...cuts: readonly OptIn[]) =>
    actionsIn(statements(...cuts)).filter((action) => !always.includes(action));

  it.each(everyOptIn)('can undo %s where the stack opts into it', (cut) => {
    expect(beyond(cut)).toEqual(sorted(reinforcementNamed(cut).releasePermissions));
    expect(beyond(cut)).not.toEqual([]);
  });

  it('touches nothing of IAM where neither sessions nor profiles are cut', () => {
    const ofIam = beyond('nacl-deny', 'disassociate-addresses', 'disable-imds');
    expect(ofIam.filter((action) => action.startsWith('iam:'))).toEqual([]);
  });

  it('deletes policies of the listed roles only, and writes none', () => {
    const deleting = statements(...everyOptIn).filter(({ actions }) =>
      actions.includes('iam:DeleteRolePolicy'),
    );
    expect(deleting.map(({ resources }) => resources)).toEqual([revocableRoles]);
    expect(actionsIn(statements(...everyOptIn))).not.toContain('iam:PutRolePolicy');
  });

  it('hands roles to EC2 only', () => {
    const passing = statements('disassociate-profile').filter(({ actions }) =>
      actions.includes('iam:PassRole'),
    );
    expect(passing.map(({ conditions }) => conditions)).toEqual([
      { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com'] } },
    ]);
  });
});

describe('What fits', () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  const manyRoles = Array.from(
    { length: 40 },
    (_, n) => `arn:aws:iam::123456789012:role/servers/application-server-${n}`,
  );
  const deployed = withParameters(stack, {
    ...parametersFor(...everyOptIn),
    RevocableRoleArns: manyRoles.join(','),
  });

  it('the roles of the functions, every cut opted into and forty roles listed', () => {
    expect(manyRoles.join(',').length).toBeLessThanOrEqual(4_096);
    expect(roleOf(deployed, 'ReinforceCutFunction').size).toBeLessThanOrEqual(10_240);
    expect(roleOf(deployed, 'ContainFunction').size).toBeLessThanOrEqual(10_240);
  });

  it('the managed policy for further cuts by hand', () => {
    expect(managedPolicy(deployed, 'OnCallReinforcePolicy').size).toBeLessThanOrEqual(6_144);
  });
});
