import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { sampleEvent } from '../../emulator/follow/finding.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import { caseTable } from '../../src/record/case-table/case-table.ts';
import type { Account } from './account.ts';

/** What intake answers. */
export interface Taken {
  readonly executions: readonly {
    readonly caseId: string;
    readonly executionArn: string;
    readonly outcome: 'started' | 'joined';
  }[];
  readonly skipped: readonly { readonly instanceId?: string; readonly reason: string }[];
}

export const takeIn = async ({ stage }: Account, event: unknown): Promise<Taken> => {
  const result = await stage.invoke('IntakeFunction', event);
  if (!('payload' in result)) throw new Error(`${result.errorType}: ${result.errorMessage}`);
  return result.payload as Taken;
};

export const findingAbout = (instanceId: string, changes: object = {}) => {
  const event = sampleEvent('guardduty-command-and-control', instanceId, new Date());
  return { ...event, detail: { ...event.detail, ...changes } };
};

export const tableOf = ({ emulator, stage }: Account) => {
  const dynamoDb = new DynamoDBClient(clientConfiguration(emulator));
  const tableName = stage.deployed.physicalIds.CaseTable ?? '';
  const item = async (instanceId: string) => {
    const { Item } = await dynamoDb.send(
      new GetItemCommand({ TableName: tableName, Key: { id: { S: `case#${instanceId}` } } }),
    );
    return Item;
  };
  return { table: caseTable(dynamoDb, tableName), item, dynamoDb, tableName };
};

/** The names of the executions of a machine; of the one that contains unless said otherwise. */
export const executionsOf = async (
  { clients, stage }: Account,
  stateMachineArn = stage.stateMachineArn,
): Promise<readonly string[]> => {
  const { executions = [] } = await clients.stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn }),
  );
  return executions.map(({ name = '' }) => name).toSorted();
};
