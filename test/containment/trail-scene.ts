import { createHash } from 'node:crypto';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeNetworkInterfacesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import type { Call } from '../../emulator/proxy/traffic.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { JournalEntry } from '../../src/record/journal/entry.ts';
import type { Part } from '../record/chain/a-record.ts';
import { intoBucket, writeRecord } from '../record/chain/a-record.ts';
import type { Account } from './account.ts';
import { bucketOf } from './evidence-scene.ts';

/** The tags of a call of EC2, as the query protocol numbers them. */
const tagging = (params: URLSearchParams) => ({
  Resources: [...params].flatMap(([key, value]) => (/^ResourceId\.\d+$/.test(key) ? [value] : [])),
  Tags: [...params].flatMap(([key, Key]) => {
    const Value = params.get(key.replace('.Key', '.Value'));
    return /^Tag\.\d+\.Key$/.test(key) ? [{ Key, ...(Value === null ? {} : { Value }) }] : [];
  }),
});

/** The calls that wrote or deleted tags, as entries of a journal. */
export const entriesOfCalls = (calls: readonly Call[]): readonly JournalEntry[] =>
  calls.flatMap(({ action, params, startedAt, status }, at) =>
    /^(?:Create|Delete)Tags$/.test(action) && params instanceof URLSearchParams && status === 200
      ? [
          {
            id: `call-${at}`,
            kind: 'call' as const,
            at: new Date(performance.timeOrigin + startedAt).toISOString(),
            actor: 'arn:aws:sts::123456789012:assumed-role/cordon/TagFunction',
            program: 'TagFunction',
            call: `ec2:${action}`,
            parameters: tagging(params),
          },
        ]
      : [],
  );

/** The finding and the steps of a report, as entries of a journal. */
export const entriesOfReport = ({ trigger, steps }: CaseReport): readonly JournalEntry[] => [
  {
    id: `finding-${trigger.id}-${trigger.at}`,
    kind: 'finding',
    at: trigger.at,
    actor: 'IntakeFunction',
    program: 'IntakeFunction',
    sentence: 'A finding came',
  },
  ...steps.map(({ step, outcome, startedAt, finishedAt }) => ({
    id: `${step}-${finishedAt}`,
    kind: 'step' as const,
    at: startedAt,
    until: finishedAt,
    actor: 'arn:aws:sts::123456789012:assumed-role/cordon/StepFunction',
    program: 'StepFunction',
    step,
    outcome,
  })),
];

const clientsOf = ({ emulator }: Account) => ({
  kms: new KMSClient(clientConfiguration(emulator)),
  dynamoDb: new DynamoDBClient(clientConfiguration(emulator)),
});

/** Says in the case table where the record ends. */
export const noteHead = async (
  account: Account,
  caseId: string,
  { head, number }: { readonly head: string; readonly number: number },
): Promise<void> => {
  await clientsOf(account).dynamoDb.send(
    new PutItemCommand({
      TableName: account.stage.deployed.outputs.CaseTableName,
      Item: { id: { S: `record#${caseId}` }, head: { S: head }, number: { N: String(number) } },
    }),
  );
};

/** Writes the record of a case into the store, signed with the key of the stack. */
export const recordCase = async (account: Account, report: CaseReport, parts: readonly Part[]) => {
  const { kms } = clientsOf(account);
  const { s3, name } = bucketOf(account);
  const head = await writeRecord(
    report,
    parts,
    async (bytes) => {
      const { Signature = new Uint8Array() } = await kms.send(
        new SignCommand({
          KeyId: account.stage.deployed.outputs.TrailKeyArn,
          Message: createHash('sha256').update(bytes).digest(),
          MessageType: 'DIGEST',
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      );
      return Signature;
    },
    intoBucket(s3, name),
  );
  await noteHead(account, report.caseId, head);
  return head;
};

/** Somebody gives an interface of the suspect its old groups back. */
export const openInterface = async ({ clients, world }: Account): Promise<string> => {
  const { NetworkInterfaces = [] } = await clients.ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [world.suspectId] }],
    }),
  );
  const NetworkInterfaceId = NetworkInterfaces[0]?.NetworkInterfaceId ?? '';
  await clients.ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [world.webGroupId] }),
  );
  expect(NetworkInterfaceId).not.toBe('');
  return NetworkInterfaceId;
};
