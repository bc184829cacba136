import { expect, it } from 'vitest';
import { everyOptIn, optedInto, parametersFor, stack } from './opted-in.ts';
import { roleOf } from './policy.ts';
import { resolved, standing, withParameters } from './resolve.ts';
import { at, resource, resourcesOfType } from './stack.ts';

/** Calls that GuardDuty's custom detection rules look for, of those that Cordon makes. */
const raising = ['ec2:ModifyInstanceAttribute', 'ec2:AuthorizeSecurityGroupIngress'];

const { Properties } = resource(stack, 'IntakeFunction');
const ownRoles = String(resolved(stack, at(Properties, 'Environment', 'Variables', 'OWN_ROLES')));

// fault A16
it('intake knows the roles that make calls which raise findings, each by id and ARN', () => {
  const functions = resourcesOfType(stack, 'AWS::Lambda::Function')
    .map(([functionId]) => functionId)
    .filter((functionId) =>
      roleOf(optedInto(...everyOptIn), functionId)
        .statements.flatMap(({ actions }) => actions)
        .some((action) => raising.includes(action)),
    );
  const roles = functions.flatMap((functionId) =>
    ['RoleId', 'Arn'].map((which) =>
      String(resolved(stack, { 'Fn::GetAtt': [`${functionId}Role`, which] })),
    ),
  );
  expect(functions.length).toBeGreaterThan(3);
  expect(ownRoles.split(',').toSorted()).toEqual(roles.toSorted());
});

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html: 4 KB for all of them.
it('that list leaves room for the other variables of intake, whatever the names', () => {
  const longest = ownRoles.split(',').map((one) => 'n'.repeat(one.startsWith('arn:') ? 110 : 24));
  expect(longest.join(',').length).toBeLessThan(1_024);
});

/** Values that the resolver gives shorter than AWS can. */
const longestOf: Readonly<Record<string, string>> = {
  OWN_ROLES: 'n'.repeat(1_024),
  CASE_TABLE: 't'.repeat(64),
  DEAD_LETTER_QUEUE_URL: `https://sqs.ap-southeast-99.amazonaws.com/123456789012/${'q'.repeat(80)}`,
};

const wordiest = standing(
  withParameters(stack, {
    ...parametersFor(...everyOptIn),
    ChatTopicArn: `arn:aws-us-gov:sns:ap-southeast-99:123456789012:${'c'.repeat(256)}`,
    ForensicUploadBucket: 'b'.repeat(63),
    ForensicSecurityGroupId: 'sg-0123456789abcdef0',
    IsolationProfile: 'egress-lockdown',
    MirrorTargetId: 'tmt-0123456789abcdef0',
    ForensicKmsKeyArn: `arn:aws-us-gov:kms:ap-southeast-99:123456789012:key/mrk-${'k'.repeat(32)}`,
    ForensicAccountId: '123456789012',
    ToolkitSnapshotId: 'snap-0123456789abcdef0',
  }),
  {
    'AWS::Partition': 'aws-us-gov',
    'AWS::Region': 'ap-southeast-99',
    'AWS::StackName': 's'.repeat(128),
  },
);

// Every function has every setting, the lists of address ranges too; what is too long fails at deploy.
it.each(resourcesOfType(stack, 'AWS::Lambda::Function').map(([name]) => name))(
  'the variables of %s leave room for the lists that people write',
  (functionId) => {
    const { Environment } = resource(wordiest, functionId).Properties;
    const values = resolved(wordiest, at(Environment, 'Variables')) as Record<string, unknown>;
    const characters = Object.entries(values).map(
      ([name, value]) => name.length + (longestOf[name] ?? String(value)).length,
    );
    const taken = characters.reduce((sum, one) => sum + one, 0);
    // Intake has the list of roles beside; the lists of most stacks are far below a hundred characters.
    const room = functionId === 'IntakeFunction' ? 640 : 1_024;
    expect(taken).toBeLessThanOrEqual(4_096 - room);
  },
);
