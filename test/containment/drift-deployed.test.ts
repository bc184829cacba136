import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeTagsCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { expect, it, vi } from 'vitest';
import { putEvent } from '../../emulator/follow/event-bridge.ts';
import type { Account } from './account.ts';
import { containByEvent, subjects, useAccount } from './account.ts';
import { groupNamesOf } from './world-state.ts';

const accounts = useAccount();

/** EventBridge invokes the function on its own time. */
const told = (account: Account, what: string): Promise<void> =>
  vi.waitFor(
    () => {
      expect(subjects(account).join('\n')).toContain(what);
    },
    { timeout: 60_000, interval: 200 },
  );

it('the deployed rules hand to the watch what schedules, CloudTrail and EC2 tell, and it acts', async () => {
  const account = await accounts.open({ parameters: { OnDrift: 'enforce' } });
  const { clients, emulator, stage, world } = account;
  await containByEvent(account);

  await putEvent(emulator, {
    source: 'aws.ec2',
    'detail-type': 'EC2 Instance State-change Notification',
    detail: { 'instance-id': world.suspectId, state: 'stopped' },
  });
  await told(account, `STATE CHANGED ${world.suspectId}`);

  await putEvent(emulator, {
    source: 'aws.ec2',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventName: 'ModifyInstanceAttribute',
      eventTime: '2026-11-20T03:10:00Z',
      eventID: 'b1c2',
      sourceIPAddress: '198.51.100.7',
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/mallory' },
      requestParameters: { instanceId: world.suspectId },
    },
  });
  await told(account, `TOUCHED ${world.suspectId}`);

  const { NetworkInterfaces = [] } = await clients.ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [world.suspectId] }],
    }),
  );
  await clients.ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId: NetworkInterfaces[0]?.NetworkInterfaceId,
      Groups: [world.webGroupId],
    }),
  );
  await emulator.fireSchedule(stage.deployed.physicalIds.DriftFunctionDriftCheck ?? '');
  await told(account, `ISOLATED AGAIN ${world.suspectId}`);
  expect(await groupNamesOf(account, world.suspectId)).toEqual([
    ['cordon-isolation-full'],
    ['cordon-isolation-full'],
  ]);
});

// What the attacker owns is the host, its role and its tags: the case table is none of these.
it('the watch finds a case by the table, though its tags are gone or say that it was released', async () => {
  const account = await accounts.open({ parameters: { OnDrift: 'enforce' } });
  const { clients, emulator, stage, world } = account;
  await containByEvent(account);
  const { NetworkInterfaces = [] } = await clients.ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [world.suspectId] }],
    }),
  );
  const interfaces = NetworkInterfaces.flatMap(
    ({ NetworkInterfaceId }) => NetworkInterfaceId ?? [],
  );
  const Resources = [world.suspectId, ...interfaces];
  const { Tags = [] } = await clients.ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: Resources }] }),
  );
  const own = [...new Set(Tags.flatMap(({ Key }) => (Key?.startsWith('cordon:') ? [Key] : [])))];
  await clients.ec2.send(new DeleteTagsCommand({ Resources, Tags: own.map((Key) => ({ Key })) }));
  await clients.ec2.send(
    new CreateTagsCommand({
      Resources: [world.suspectId],
      Tags: [{ Key: 'cordon:status', Value: 'released' }],
    }),
  );
  for (const NetworkInterfaceId of interfaces) {
    await clients.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId,
        Groups: [world.webGroupId],
      }),
    );
  }
  await emulator.fireSchedule(stage.deployed.physicalIds.DriftFunctionDriftCheck ?? '');
  await told(account, `ISOLATED AGAIN ${world.suspectId}`);
  for (const names of await groupNamesOf(account, world.suspectId)) {
    expect(names).toEqual(['cordon-isolation-full']);
  }
});
