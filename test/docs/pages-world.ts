import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, vi } from 'vitest';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import { readHeadItem } from '../../src/record/chain/head-item.ts';
import type { Account } from '../containment/account.ts';
import { findingAbout, tableOf, takeIn } from '../containment/intake-scene.ts';
import type { Shell } from './shell-scene.ts';

/** What the pages call by the names of their samples, in an account with a contained instance. */

const suspect = async ({ clients, world }: Account) => {
  const { Reservations = [] } = await clients.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [world.suspectId] }),
  );
  const instance = Reservations[0]?.Instances?.[0];
  const primary = instance?.NetworkInterfaces?.find(
    ({ Attachment }) => Attachment?.DeviceIndex === 0,
  );
  return { instance, primary };
};

/** Waits until nothing runs that a block may have begun, but for a question. */
export const settle = async ({ clients, stage }: Account): Promise<void> => {
  const machines = ['ContainmentStateMachine', 'ReleaseStateMachine', 'EvidenceStateMachine'];
  await vi.waitFor(
    async () => {
      for (const name of machines) {
        const stateMachineArn = stage.deployed.physicalIds[name] ?? '';
        const { executions = [] } = await clients.stepFunctions.send(
          new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }),
        );
        expect([name, executions.length]).toEqual([name, 0]);
      }
    },
    { timeout: 120_000, interval: 250 },
  );
  // What the last steps noted is in the record a minute later.
  await stage.invoke('ReportFunction', { record: 'outbox' });
};

const must = async (shell: Shell, command: string): Promise<void> => {
  const { code, output } = await shell.run(command);
  expect(code, `${command}\n${output}`).toBe(0);
};

/** Contains the instance where it is not isolated. */
export const contained = async (account: Account, shell: Shell): Promise<void> => {
  const { instance } = await suspect(account);
  const groups = (instance?.NetworkInterfaces ?? []).flatMap(({ Groups = [] }) => Groups);
  if (groups.every(({ GroupName }) => GroupName === 'cordon-isolation-full')) return;
  await must(shell, `cordon contain ${account.world.suspectId} --quiet`);
};

/** Gives the instance back where it is isolated, and has a finding ask about it. */
export const asked = async (account: Account, shell: Shell): Promise<void> => {
  const { suspectId } = account.world;
  const statusOf = async () => (await tableOf(account).item(suspectId))?.status?.S;
  if ((await statusOf()) !== undefined && (await statusOf()) !== 'released') {
    await must(shell, `cordon release ${suspectId} --yes --trust-tags --reason "the next block"`);
  }
  await takeIn(account, findingAbout(suspectId, { id: randomUUID() }));
  await vi.waitFor(async () => expect(await statusOf()).toBe('asked'), { timeout: 60_000 });
};

/** A message of the dead-letter queue, in somebody's hands. */
const receiptHandle = async ({ clients, stage }: Account): Promise<string> => {
  const QueueUrl = stage.deployed.outputs.DeadLetterQueueUrl;
  await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }),
  );
  return Messages[0]?.ReceiptHandle ?? '';
};

export const caseIdOf = async (account: Account): Promise<string> =>
  (await tableOf(account).item(account.world.suspectId))?.caseId?.S ?? '';

/** What a message called "Record": the beginning of the head. */
const headOf = async (account: Account): Promise<string> => {
  const { emulator, stage } = account;
  const table = {
    dynamoDb: new DynamoDBClient(clientConfiguration(emulator)),
    tableName: stage.deployed.outputs.CaseTableName ?? '',
  };
  const { head } = await readHeadItem(table, await caseIdOf(account));
  return head?.sha256.slice(0, 16) ?? '';
};

/** The variables that the pages use, by what they say of them. */
export const variablesOf = async (account: Account): Promise<Readonly<Record<string, string>>> => {
  const { outputs } = account.stage.deployed;
  const { accountId, region } = account.emulator;
  const { instance } = await suspect(account);
  return {
    ACCOUNT: accountId,
    REGION: region,
    INSTANCE: account.world.suspectId,
    CASE: await caseIdOf(account),
    STORE: outputs.EvidenceStoreName ?? '',
    TRAIL_KEY_ARN: outputs.TrailKeyArn ?? '',
    RELEASE_STATE_MACHINE_ARN: outputs.ReleaseStateMachineArn ?? '',
    DEAD_LETTER_QUEUE_URL: outputs.DeadLetterQueueUrl ?? '',
    RECEIPT_HANDLE: await receiptHandle(account),
    CASE_TABLE: outputs.CaseTableName ?? '',
    DATABASE: outputs.RecordDatabase ?? '',
    WORKGROUP: outputs.RecordWorkGroup ?? '',
    HEAD: await headOf(account),
    LOG_GROUP: outputs.FunctionLogGroupName ?? '',
    START: String(Math.floor(Date.now() / 1_000) - 3_600),
    END: String(Math.floor(Date.now() / 1_000)),
    VOLUME: instance?.BlockDeviceMappings?.[0]?.Ebs?.VolumeId ?? '',
  };
};

/** The samples of the pages, and what they stand for; the longer before what is a part of it. */
export const samplesOf = async (
  account: Account,
  shell: Shell,
): Promise<readonly (readonly [RegExp, string])[]> => {
  const { world, emulator } = account;
  const { primary } = await suspect(account);
  const attached = `${primary?.Attachment?.AttachTime?.toISOString().slice(0, 19)}Z`;
  return [
    [/\d{8}T\d{4,6}Z-i-0123456789abcdef0/g, await caseIdOf(account)],
    [/i-0123456789abcdef0/g, world.suspectId],
    [/i-0fedcba9876543210/g, world.healthyId],
    // What is written by hand to the tags would break the seal of the case.
    [/i-…(?= --tags Key=cordon:status)/g, world.healthyId],
    [/\bi-…/g, world.suspectId],
    [/eni-(?:0123456789abcdef0|…)/g, primary?.NetworkInterfaceId ?? ''],
    [/sg-0123456789abcdef0/g, world.webGroupId],
    [/sg-…/g, primary?.Groups?.[0]?.GroupId ?? ''],
    [/subnet-…/g, primary?.SubnetId ?? ''],
    [/vpc-…/g, primary?.VpcId ?? ''],
    [/(?<=--target-group-arn )…/g, Object.values(world.targetGroupArns)[0] ?? ''],
    [/111122223333/g, emulator.accountId],
    [/eu-central-1/g, emulator.region],
    [/2026-01-05T08:00:00Z/g, attached],
    [/\/dev\/nvme1n1/g, join(shell.folder, 'device')],
  ];
};
