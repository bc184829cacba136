import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import {
  CreateTableCommand,
  DynamoDBClient,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  DescribeRegionsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import type { SessionVariables } from '../deploy/enforce-policies.ts';
import { enforcePolicies } from '../deploy/enforce-policies.ts';
import { clientConfiguration } from '../world/world-clients.ts';
import { ended, runDefinition } from './execution.ts';
import { clientsFor, useEmulator } from './fixture.ts';
import { launch } from './world.ts';

const aws = useEmulator();

/** The clients of a session; a client reads its credentials at each call. */
const clientsOf = (session: SessionVariables | undefined) => {
  const clients = clientsFor(aws.emulator);
  for (const client of Object.values(clients)) {
    client.config.credentials = async () => ({
      accessKeyId: session?.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: session?.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: session?.AWS_SESSION_TOKEN ?? '',
    });
  }
  return clients;
};

const enforced = async (...actions: string[]) => {
  const { Function: session } = await enforcePolicies(aws.emulator, { Function: actions });
  return clientsOf(session);
};

const vpcId = async () => (await aws.ec2.send(new DescribeVpcsCommand({}))).Vpcs?.[0]?.VpcId;

test('a role may do what it was granted, and each role its own', async () => {
  const sessions = await enforcePolicies(aws.emulator, {
    Reader: ['ec2:DescribeVpcs', 'ec2:DescribeRegion*'],
    Writer: ['ec2:CreateVpc'],
    Nobody: [],
  });
  const [reader, writer, nobody] = ['Reader', 'Writer', 'Nobody'].map(
    (name) => clientsOf(sessions[name]).ec2,
  );
  const create = new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' });
  const refusal = { name: 'UnauthorizedOperation' };
  await expect(reader?.send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
  await expect(reader?.send(new DescribeRegionsCommand({}))).resolves.toBeDefined();
  await expect(reader?.send(create)).rejects.toMatchObject(refusal);
  await expect(writer?.send(create)).resolves.toBeDefined();
  await expect(nobody?.send(new DescribeVpcsCommand({}))).rejects.toMatchObject(refusal);
});

describe('a denial', () => {
  test('names the role and the action', async () => {
    const { ec2 } = await enforced();
    await expect(ec2.send(new DescribeInstancesCommand({}))).rejects.toThrow(
      /assumed-role\/enforced-[^/]+\/Function is not authorized to perform: ec2:DescribeInstances/,
    );
  });

  test('has the form of the service', async () => {
    const clients = await enforced();
    const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:m';
    const topicArn = 'arn:aws:sns:us-east-1:123456789012:t';
    const results = await Promise.allSettled([
      clients.autoScaling.send(new DescribeAutoScalingGroupsCommand({})),
      clients.elbV2.send(new DescribeTargetGroupsCommand({})),
      clients.sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'm' })),
      clients.sfn.send(new StartExecutionCommand({ stateMachineArn })),
      clients.sqs.send(new ListQueuesCommand({})),
    ]);
    const names = results.map((result) => result.status === 'rejected' && result.reason.name);
    expect(names).toEqual([
      'AccessDenied',
      'AccessDenied',
      'AuthorizationErrorException',
      'AccessDeniedException',
      'AccessDeniedException',
    ]);
  });

  test('comes before the outcome of a dry run', async () => {
    const { InstanceId } = await launch(aws.ec2, {});
    const tag = { Resources: [InstanceId], Tags: [{ Key: 'k', Value: 'v' }], DryRun: true };
    const { ec2 } = await enforced('ec2:DescribeVpcs');
    await expect(ec2.send(new CreateTagsCommand(tag))).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
    });
    const { ec2: allowed } = await enforced('ec2:CreateTags', 'ec2:CreateVpc');
    await expect(allowed.send(new CreateTagsCommand(tag))).rejects.toMatchObject({
      name: 'DryRunOperation',
    });
    const create = new CreateVpcCommand({ CidrBlock: '10.9.0.0/16', DryRun: true });
    await expect(allowed.send(create)).rejects.toMatchObject({ name: 'DryRunOperation' });
    expect((await aws.ec2.send(new DescribeVpcsCommand({}))).Vpcs).toHaveLength(1);
  });

  test('meets a creation with tags that may not tag', async () => {
    const group = {
      GroupName: 'g',
      Description: 'd',
      VpcId: await vpcId(),
      TagSpecifications: [
        { ResourceType: 'security-group' as const, Tags: [{ Key: 'k', Value: 'v' }] },
      ],
    };
    const { ec2 } = await enforced('ec2:CreateSecurityGroup');
    await expect(ec2.send(new CreateSecurityGroupCommand(group))).rejects.toThrow(/ec2:CreateTags/);
    const { ec2: allowed } = await enforced('ec2:CreateSecurityGroup', 'ec2:CreateTags');
    await expect(allowed.send(new CreateSecurityGroupCommand(group))).resolves.toBeDefined();
  });
});

test('whoever is no role of these goes on: clients of the world and state machines', async () => {
  const { TopicArn } = await aws.sns.send(new CreateTopicCommand({ Name: 't' }));
  await enforced();
  await launch(aws.ec2, {});
  const publish = {
    Type: 'Task',
    Resource: 'arn:aws:states:::sns:publish',
    Parameters: { TopicArn, Message: 'm' },
    End: true,
  };
  const execution = await runDefinition(aws.sfn, {
    StartAt: 'Publish',
    States: { Publish: publish },
  });
  expect((await ended(aws.sfn, execution.executionArn ?? '')).status).toBe('SUCCEEDED');
});

test('a reset ends it', async () => {
  const { ec2 } = await enforced();
  await aws.emulator.reset();
  await expect(ec2.send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
});

test('a transaction needs what each of its parts needs, and has no action of its own', async () => {
  const admin = new DynamoDBClient(clientConfiguration(aws.emulator));
  await admin.send(
    new CreateTableCommand({
      TableName: 'cases',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  const put = { Put: { TableName: 'cases', Item: { id: { S: 'a' } } } };
  const remove = { Delete: { TableName: 'cases', Key: { id: { S: 'b' } } } };
  const { Writer } = await enforcePolicies(aws.emulator, { Writer: ['dynamodb:PutItem'] });
  const dynamoDb = new DynamoDBClient({
    ...clientConfiguration(aws.emulator),
    credentials: {
      accessKeyId: Writer?.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: Writer?.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: Writer?.AWS_SESSION_TOKEN ?? '',
    },
  });
  const write = (...TransactItems: TransactWriteItem[]) =>
    dynamoDb.send(new TransactWriteItemsCommand({ TransactItems }));
  await expect(write(put)).resolves.toBeDefined();
  await expect(write(put, remove)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
