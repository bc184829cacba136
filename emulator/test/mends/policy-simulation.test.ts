import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';

const aws = useEmulator();

const roleArn = 'arn:aws:iam::123456789012:role/server';
const groupArn = 'arn:aws:ec2:us-east-1:123456789012:security-group/sg-1';
const instanceArn = 'arn:aws:ec2:us-east-1:123456789012:instance/i-1';

const document = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

const allow = (Action: string, Resource: string, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

beforeEach(async () => {
  await aws.iam.send(
    new CreateRoleCommand({ RoleName: 'server', AssumeRolePolicyDocument: document() }),
  );
});

const put = (PolicyName: string, ...statements: readonly object[]) =>
  aws.iam.send(
    new PutRolePolicyCommand({
      RoleName: 'server',
      PolicyName,
      PolicyDocument: document(...statements),
    }),
  );

const simulate = async (
  action: string,
  resources: readonly string[],
  context: Readonly<Record<string, string>> = {},
) => {
  const { EvaluationResults = [] } = await aws.iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: roleArn,
      ActionNames: [action],
      ResourceArns: [...resources],
      ContextEntries: Object.entries(context).map(([name, value]) => ({
        ContextKeyName: name,
        ContextKeyValues: [value],
        ContextKeyType: 'string',
      })),
    }),
  );
  const [result] = EvaluationResults;
  return {
    decision: result?.EvalDecision,
    each: result?.ResourceSpecificResults?.map((one) => one.EvalResourceDecision),
    missing: result?.MissingContextValues,
  };
};

describe('The simulation of a role', () => {
  test('knows inline and managed policies, and denies what none allows', async () => {
    await put('inline', allow('ec2:Describe*', '*'));
    const { Policy } = await aws.iam.send(
      new CreatePolicyCommand({
        PolicyName: 'managed',
        PolicyDocument: document(allow('ec2:StopInstances', '*')),
      }),
    );
    await aws.iam.send(new AttachRolePolicyCommand({ RoleName: 'server', PolicyArn: Policy?.Arn }));
    expect((await simulate('ec2:DescribeVpcs', ['*'])).decision).toBe('allowed');
    expect((await simulate('ec2:StopInstances', ['*'])).decision).toBe('allowed');
    expect((await simulate('ec2:RunInstances', ['*'])).decision).toBe('implicitDeny');
  });

  test('asks about each resource, and the worst answer counts', async () => {
    await put('inline', allow('ec2:CreateTags', 'arn:aws:ec2:*:*:instance/*'));
    expect(await simulate('ec2:CreateTags', [instanceArn, groupArn])).toMatchObject({
      decision: 'implicitDeny',
      each: ['allowed', 'implicitDeny'],
    });
  });

  test('lets a deny win', async () => {
    await put('inline', allow('ec2:CreateTags', '*'));
    await put('guard', { ...allow('ec2:CreateTags', groupArn), Effect: 'Deny' });
    expect((await simulate('ec2:CreateTags', [groupArn])).decision).toBe('explicitDeny');
    expect((await simulate('ec2:CreateTags', [instanceArn])).decision).toBe('allowed');
  });

  test('evaluates conditions, and names the keys that it was not told', async () => {
    const key = 'aws:ResourceTag/cordon:role';
    const tagged = { StringEquals: { [key]: ['isolation', 'transition'] } };
    await put('inline', allow('ec2:CreateTags', '*', tagged));
    expect(await simulate('ec2:CreateTags', [groupArn], { [key]: 'transition' })).toMatchObject({
      decision: 'allowed',
    });
    expect(await simulate('ec2:CreateTags', [groupArn], { [key]: 'web' })).toMatchObject({
      decision: 'implicitDeny',
      missing: [],
    });
    expect(await simulate('ec2:CreateTags', [groupArn])).toMatchObject({
      decision: 'implicitDeny',
      missing: [key],
    });
  });

  test('knows no role that is not there', async () => {
    await expect(
      aws.iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: `${roleArn}s`,
          ActionNames: ['ec2:DescribeVpcs'],
        }),
      ),
    ).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });
});
