import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeInstancesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { followExecution } from '../../emulator/follow/execution.ts';
import { publishedMessages } from '../../emulator/follow/published.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Account } from './account.ts';
import { subjects, useAccount } from './account.ts';
import { findingAbout, takeIn } from './intake-scene.ts';

/** GuardDuty updates a finding for as long as it sees something: what is news, and what is not. */

const accounts = useAccount();

const interfacesOf = async ({ clients, world }: Account) => {
  const { Reservations = [] } = await clients.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [world.suspectId] }),
  );
  return Reservations[0]?.Instances?.[0]?.NetworkInterfaces ?? [];
};

/** An account whose suspect was contained half an hour ago, and the groups that it had before. */
const containedLongAgo = async () => {
  const account = await accounts.open();
  const { suspectId } = account.world;
  const [first] = await interfacesOf(account);
  const groups = (first?.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
  const { executions } = await takeIn(account, findingAbout(suspectId));
  const run = await followExecution(account.clients, executions[0]?.executionArn ?? '');
  expect(run.output).toMatchObject({ status: 'contained' });
  const dynamoDb = new DynamoDBClient(clientConfiguration(account.emulator));
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName: account.stage.deployed.physicalIds.CaseTable,
      Key: { id: { S: `case#${suspectId}` } },
      UpdateExpression: 'SET cutAt = :ago',
      ConditionExpression: 'attribute_exists(cutAt)',
      ExpressionAttributeValues: { ':ago': { S: new Date(Date.now() - 1_800_000).toISOString() } },
    }),
  );
  return { account, groups };
};

const update = (account: Account, action: object) => {
  const event = findingAbout(account.world.suspectId);
  const { service } = event.detail as { readonly service: object };
  const eventLastSeen = new Date().toISOString();
  return takeIn(account, {
    ...event,
    detail: { ...event.detail, service: { ...service, eventLastSeen, action } },
  });
};

const outbound = {
  actionType: 'NETWORK_CONNECTION',
  networkConnectionAction: { connectionDirection: 'OUTBOUND', blocked: false },
};

describe('An update of a finding about a contained instance', () => {
  it('that saw unblocked traffic isolates again what drifted, and is the loudest message of all', async () => {
    const { account, groups } = await containedLongAgo();
    const [one] = await interfacesOf(account);
    await account.clients.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: one?.NetworkInterfaceId,
        Groups: groups,
      }),
    );
    const told = subjects(account).length;
    const { executions } = await update(account, outbound);
    const run = await followExecution(account.clients, executions[0]?.executionArn ?? '');
    // Connections that were made while it was open again may live.
    expect((run.output as CaseReport).status).toMatch(/^(?:contained|partial)$/);
    for (const { Groups = [] } of await interfacesOf(account)) {
      expect(Groups.map(({ GroupName }) => GroupName)).toEqual(['cordon-isolation-full']);
    }
    const last = publishedMessages(account.emulator.traffic)
      .slice(told)
      .map(({ subject }) => subject);
    expect(last).toContainEqual(
      expect.stringMatching(/^\[Cordon\] ACTIVITY CONTINUES AFTER CONTAINMENT i-/),
    );
    const loud = publishedMessages(account.emulator.traffic).find(({ subject }) =>
      subject.includes('ACTIVITY CONTINUES'),
    );
    expect(loud?.text.split('\n')[0]).toContain(
      'traffic that nothing blocked was seen 30 min after',
    );
    const report = loud?.report as CaseReport | undefined;
    expect(report?.earlier?.activeAfterCut).toBeDefined();
  });

  it.each([
    [
      'a name that it looks up',
      { actionType: 'DNS_REQUEST', dnsRequestAction: { blocked: false } },
    ],
    [
      'a connection that is blocked',
      { ...outbound, networkConnectionAction: { connectionDirection: 'OUTBOUND', blocked: true } },
    ],
  ])('that saw %s is verified and noted, and wakes nobody', async (_, action) => {
    const { account } = await containedLongAgo();
    const told = subjects(account).length;
    const { executions } = await update(account, action);
    const run = await followExecution(account.clients, executions[0]?.executionArn ?? '');
    expect(run.output).toMatchObject({ status: 'contained' });
    expect(subjects(account)).toHaveLength(told);
  });
});
