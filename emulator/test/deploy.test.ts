import { GetRolePolicyCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { callJson } from '../aws-call.ts';
import { type Deployed, deploy } from '../deploy/deploy.ts';
import { transformTemplate } from '../deploy/sam.ts';
import { ensurePython } from '../moto/python.ts';
import { ended } from './execution.ts';
import { eventually, useEmulator } from './fixture.ts';

const aws = useEmulator();

const statement = {
  Effect: 'Allow',
  Action: ['ec2:DescribeInstances'],
  Resource: '*',
  Condition: { Bool: { 'aws:SecureTransport': 'true' } },
};

const noValue = { Ref: 'AWS::NoValue' };

const role = 'arn:aws:iam::123456789012:role/';

/** What stands under conditions here must be gone without a trace where they do not hold. */
const conditionalPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['iam:PutRolePolicy'],
      Resource: {
        'Fn::Split': [
          ',',
          { 'Fn::Join': ['', [role, { 'Fn::Join': [`,${role}`, { Ref: 'Words' }] }]] },
        ],
      },
      Condition: { 'Fn::If': ['IsSevere', { Bool: { 'aws:ViaAWSService': 'false' } }, noValue] },
    },
    {
      'Fn::If': [
        'HasBucket',
        {
          Effect: 'Allow',
          Action: ['s3:PutObject'],
          Resource: [
            { 'Fn::Sub': `arn:aws:s3:::\${Bucket}/*` },
            { 'Fn::If': ['IsSevere', noValue, 'arn:aws:s3:::minor/*'] },
          ],
        },
        noValue,
      ],
    },
  ],
};

const template = {
  AWSTemplateFormatVersion: '2010-09-09',
  Transform: 'AWS::Serverless-2016-10-31',
  Parameters: {
    Mode: { Type: 'String', AllowedValues: ['observe', 'contain'] },
    Severity: { Type: 'Number', Default: 7, MaxValue: 10 },
    Account: { Type: 'String', Default: '', AllowedPattern: '(\\d{12})?' },
    Words: { Type: 'CommaDelimitedList', Default: 'a,b' },
    Bucket: { Type: 'String', Default: '' },
  },
  Conditions: {
    HasBucket: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Bucket' }, ''] }] },
    IsSevere: { 'Fn::Equals': [{ Ref: 'Severity' }, '7'] },
  },
  Globals: { Function: { Environment: { Variables: { MODE: { Ref: 'Mode' } } } } },
  Resources: {
    DeadLetters: { Type: 'AWS::SQS::Queue' },
    Logs: { Type: 'AWS::Logs::LogGroup' },
    Pipe: { Type: 'AWS::Pipes::Pipe', Properties: { Source: 'x', Target: 'y', RoleArn: 'z' } },
    GreetFunction: {
      Type: 'AWS::Serverless::Function',
      Properties: {
        CodeUri: '.',
        Handler: 'greet.handler',
        Runtime: 'nodejs22.x',
        Environment: {
          Variables: {
            SEVERITY: { Ref: 'Severity' },
            QUEUE_URL: { Ref: 'DeadLetters' },
            PIPE_ARN: { 'Fn::GetAtt': 'Pipe.Arn' },
          },
        },
        Policies: [{ Version: '2012-10-17', Statement: [statement] }, conditionalPolicy],
        Events: { Sweep: { Type: 'Schedule', Properties: { Schedule: 'rate(5 minutes)' } } },
      },
    },
    ExtraPolicy: {
      Type: 'AWS::IAM::Policy',
      Condition: 'HasBucket',
      Properties: {
        PolicyName: 'extra',
        PolicyDocument: conditionalPolicy,
        Roles: [{ Ref: 'GreetFunctionRole' }],
      },
    },
    Machine: {
      Type: 'AWS::Serverless::StateMachine',
      Properties: {
        DefinitionUri: 'statemachine/greet.asl.json',
        DefinitionSubstitutions: {
          GreetFunctionArn: { 'Fn::GetAtt': ['GreetFunction', 'Arn'] },
          Hold: 0,
          Quote: 'say "hi"',
        },
        Policies: [{ LambdaInvokePolicy: { FunctionName: { Ref: 'GreetFunction' } } }],
        Events: {
          Finding: { Type: 'EventBridgeRule', Properties: { Pattern: { source: ['test'] } } },
        },
      },
    },
  },
  Outputs: { MachineArn: { Value: { Ref: 'Machine' } } },
};

const definition = `{
  "StartAt": "Hold",
  "States": {
    "Hold": { "Type": "Wait", "Seconds": \${Hold}, "Next": "Note" },
    "Note": { "Type": "Pass", "Result": "\${Quote}", "ResultPath": "$.note", "Next": "Greet" },
    "Greet": { "Type": "Task", "Resource": "\${GreetFunctionArn}", "End": true }
  }
}`;

const deployed = async (parameters: Record<string, string> = { Mode: 'contain' }) =>
  deploy(aws.emulator, await ensurePython(), {
    template,
    definitionOf: () => definition,
    parameters,
    stackName: 'stack',
  });

test('a SAM template deploys, and its own rule starts its own machine', async () => {
  const stack = await deployed();
  aws.emulator.onInvoke(async (name, event) => ({ payload: { name, event } }));
  await callJson(aws.emulator, 'events', 'AWSEvents.PutEvents', {
    Entries: [{ Source: 'test', DetailType: 'd', Detail: '{}' }],
  });
  const executionArn = await eventually(async () => {
    const stateMachineArn = stack.outputs.MachineArn;
    const list = await aws.sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    return list.executions?.[0]?.executionArn;
  });
  const { output } = await ended(aws.sfn, executionArn);
  expect(JSON.parse(output ?? '')).toMatchObject({
    name: stack.physicalIds.GreetFunction,
    event: { source: 'test', note: 'say "hi"' },
  });
});

test('the variables of the functions are resolved, and the queue lies in the emulator', async () => {
  const { environments } = await deployed();
  expect(environments.GreetFunction).toEqual({
    MODE: 'contain',
    SEVERITY: '7',
    QUEUE_URL: expect.stringContaining(aws.emulator.endpoint),
    PIPE_ARN: expect.stringMatching(/^arn:aws:pipes:/),
  });
  const QueueUrl = environments.GreetFunction?.QUEUE_URL;
  await expect(aws.sqs.send(new ReceiveMessageCommand({ QueueUrl }))).resolves.toBeDefined();
});

test('a nested template deploys with what the outer one hands to it', async () => {
  const nested = {
    Parameters: { QueueName: { Type: 'String' } },
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'QueueName' } } },
    },
  };
  await deploy(aws.emulator, await ensurePython(), {
    template: {
      Resources: {
        Part: {
          Type: 'AWS::CloudFormation::Stack',
          Properties: { TemplateURL: 'part.yaml', Parameters: { QueueName: 'in-the-part' } },
        },
      },
    },
    definitionOf: () => definition,
    templateOf: (uri) => (uri === 'part.yaml' ? nested : {}),
    parameters: {},
    stackName: 'outer',
  });
  const { QueueUrl } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName: 'in-the-part' }));
  expect(QueueUrl).toContain('in-the-part');
});

/** The inline policies of the function's role, by name. */
const policiesOf = async ({ roleArns }: Deployed): Promise<Record<string, unknown>> => {
  const RoleName = roleArns.GreetFunction?.split('/').at(-1) ?? '';
  const { PolicyNames } = await aws.iam.send(new ListRolePoliciesCommand({ RoleName }));
  const statements = (PolicyNames ?? []).map(async (PolicyName) => {
    const { PolicyDocument } = await aws.iam.send(
      new GetRolePolicyCommand({ RoleName, PolicyName }),
    );
    return [PolicyName, JSON.parse(decodeURIComponent(PolicyDocument ?? '')).Statement];
  });
  return Object.fromEntries(await Promise.all(statements));
};

test('the policies of the roles are JSON', async () => {
  expect(await policiesOf(await deployed())).toMatchObject({
    GreetFunctionRolePolicy0: [statement],
  });
});

test('conditions, lists and joined names hold in policies', async () => {
  expect(await policiesOf(await deployed())).toEqual({
    GreetFunctionRolePolicy0: [statement],
    GreetFunctionRolePolicy1: [
      {
        Effect: 'Allow',
        Action: ['iam:PutRolePolicy'],
        Resource: [`${role}a`, `${role}b`],
        Condition: { Bool: { 'aws:ViaAWSService': 'false' } },
      },
    ],
  });
  await aws.emulator.reset();
  const conditional = [
    { Effect: 'Allow', Action: ['iam:PutRolePolicy'], Resource: [`${role}web`, `${role}db`] },
    {
      Effect: 'Allow',
      Action: ['s3:PutObject'],
      Resource: ['arn:aws:s3:::case/*', 'arn:aws:s3:::minor/*'],
    },
  ];
  const given = { Mode: 'contain', Words: 'web,db', Bucket: 'case', Severity: '4' };
  expect(await policiesOf(await deployed(given))).toEqual({
    GreetFunctionRolePolicy0: [statement],
    GreetFunctionRolePolicy1: conditional,
    extra: conditional,
  });
});

test('a schedule reaches its function', async () => {
  const { physicalIds } = await deployed();
  const invoked: string[] = [];
  aws.emulator.onInvoke(async (name) => {
    invoked.push(name);
    return { payload: null };
  });
  await aws.emulator.fireSchedule(physicalIds.GreetFunctionSweep ?? '');
  expect(await eventually(async () => invoked[0])).toBe(physicalIds.GreetFunction);
});

test.each<[string, Record<string, string>]>([
  ['a value that is not allowed', { Mode: 'panic' }],
  ['a missing value', {}],
  ['a number that is too large', { Mode: 'observe', Severity: '11' }],
  ['a value that does not match', { Mode: 'observe', Account: '12' }],
  ['a parameter that is not there', { Mode: 'observe', Colour: 'red' }],
])('%s is refused', async (_, parameters) => {
  await expect(deployed(parameters)).rejects.toThrow(/^400: .*(Parameter|Missing)/);
});

test('what the transform refuses is told in its words', async () => {
  const broken = { ...template, Resources: { F: { Type: 'AWS::Serverless::Function' } } };
  await expect(transformTemplate(await ensurePython(), broken)).rejects.toThrow(/\[F\] is invalid/);
});
