import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeNetworkInterfacesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import { headKeyOf } from '../../src/record/chain/head-item.ts';
import type { Account } from './account.ts';

/** Changes what the case table knows of the end of a record, as somebody with rights on it could. */
export const forgeHead = async (
  { emulator, stage }: Account,
  caseId: string,
  change: { readonly head?: string; readonly number?: number },
): Promise<void> => {
  const dynamoDb = new DynamoDBClient(clientConfiguration(emulator));
  const TableName = stage.deployed.outputs.CaseTableName;
  const { Item } = await dynamoDb.send(
    new GetItemCommand({ TableName, Key: headKeyOf(caseId), ConsistentRead: true }),
  );
  const { head = Item?.head?.S ?? '', number = Number(Item?.number?.N) } = change;
  const forged = { ...Item, head: { S: head }, number: { N: String(number) } };
  await dynamoDb.send(new PutItemCommand({ TableName, Item: forged }));
};

/** Appends what waits to the records, as the schedule does. */
export const goOnWithRecords = async ({ stage }: Account): Promise<void> => {
  await stage.invoke('ReportFunction', { record: 'outbox' });
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
