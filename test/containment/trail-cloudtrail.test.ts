import {
  DescribeNetworkInterfacesCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { CreateAccessKeyCommand, CreateUserCommand } from '@aws-sdk/client-iam';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';
import { retoldLater } from './cloudtrail-scene.ts';
import { useCommand } from './command.ts';
import { goOnWithRecords, openInterface } from './trail-scene.ts';

const accounts = useAccount({ stays: true });
const command = useCommand();
let account: Account;
let report: CaseReport;

beforeAll(async () => {
  account = await accounts.open({ parameters: { OnDrift: 'enforce' } });
  const { traffic } = account.emulator;
  // The SDK makes these again: CloudTrail has each attempt, the record the last one.
  const again = [
    ['ec2', 'ModifyNetworkInterfaceAttribute', 'throttle'],
    ['ec2', 'CreateTags', 'throttle'],
    ['elasticloadbalancing', 'DeregisterTargets', 'lost-answer'],
  ] as const;
  for (const [service, action, kind] of again) traffic.inject({ service, action, times: 1, kind });
  report = (await containByEvent(account)).output as CaseReport;
  expect(report.status).toBe('contained');
  expect(traffic.calls.filter(({ fault }) => fault !== undefined)).toHaveLength(again.length);
  await goOnWithRecords(account);
});
beforeEach(() => {
  account.emulator.eventDelay(0);
  account.emulator.traffic.rates(false);
});

const anInterface = async (): Promise<string> => {
  const { NetworkInterfaces = [] } = await account.clients.ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [account.world.suspectId] }],
    }),
  );
  return NetworkInterfaces[0]?.NetworkInterfaceId ?? '';
};

/** Somebody else changes an interface of the suspect. */
const changeInterface = async (userName: string, customUserAgent = 'a-script') => {
  const { iam } = account.clients;
  await iam.send(new CreateUserCommand({ UserName: userName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: userName }));
  const client = new EC2Client({
    ...clientConfiguration(account.emulator),
    credentials: {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    },
    customUserAgent,
  });
  const NetworkInterfaceId = await anInterface();
  const Description = { Value: 'mine' };
  await client.send(
    new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Description }),
  );
};

const byUser = (userName: string) =>
  new RegExp(
    `^not Cordon's: ${new Date().toISOString().slice(0, 11)}\\d\\d:\\d\\d:\\d\\dZ ModifyNetworkInterfaceAttribute ` +
      `by "arn:aws:(?:iam|sts)::${report.accountId}:user/${userName}" from "127\\.0\\.0\\.1"$`,
  );

describe('A case, matched with CloudTrail', () => {
  it('holds where each call on record is in CloudTrail, and each event on record', async () => {
    const { traffic } = account.emulator;
    traffic.rates(true);
    const { code, stdout, stderr } = await command.start(account.emulator, [
      ...['trail', report.caseId, '--cloudtrail', '--json', '--region', account.emulator.region],
    ]).ended;
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'HOLDS',
      disagreements: [],
      doubts: [],
      remarks: [],
    });
    expect(code).toBe(0);
    // It does not ask oftener than CloudTrail allows.
    const lookups = traffic.calls.filter(({ action }) => action === 'LookupEvents');
    expect(lookups.length).toBeGreaterThan(5);
    expect(lookups.filter(({ status }) => status !== 200)).toEqual([]);
    traffic.rates(false);
    // The same when nothing is young any more.
    expect(await retoldLater(account, report, 20)).toMatchObject({
      verdict: 'HOLDS',
      remarks: [],
    });
  });

  it('has calls that are not there yet, and later are missing, by name', async () => {
    account.emulator.eventDelay(60 * 60_000);
    const young = await retoldLater(account, report, 0);
    expect(young).toMatchObject({ verdict: 'UNPROVEN', disagreements: [], remarks: [] });
    expect(young.doubts).toEqual([
      expect.stringMatching(/^CloudTrail: \d+ calls are younger than 15 minutes: not there yet$/),
    ]);
    const old = await retoldLater(account, report, 20);
    expect(old).toMatchObject({ verdict: 'DISAGREES', doubts: [] });
    expect(old.disagreements).toHaveLength(Number(/\d+/.exec(young.doubts[0] ?? '')?.[0]));
    for (const call of ['ec2:ModifyNetworkInterfaceAttribute', 'ec2:CreateSnapshots']) {
      expect(old.disagreements).toContainEqual(
        expect.stringMatching(
          new RegExp(`^\\S+Z ${call} \\(request \\w+\\): the record has it, CloudTrail does not$`),
        ),
      );
    }
  });

  it('is told where CloudTrail may not be asked, which leaves a doubt', async () => {
    const { traffic } = account.emulator;
    traffic.inject({ service: 'cloudtrail', action: '*', times: 1, kind: 'denied' });
    const story = await retoldLater(account, report, 20);
    expect(story).toMatchObject({ verdict: 'UNPROVEN', disagreements: [], remarks: [] });
    expect(story.doubts).toEqual([expect.stringMatching(/^CloudTrail could not be read \(/)]);
    expect(story.timeline.length).toBeGreaterThan(100);
  });

  it('tells what somebody else did to its interface: who, from where and when', async () => {
    await changeInterface('eve');
    const story = await retoldLater(account, report, 20);
    expect(story.remarks).toEqual([expect.stringMatching(byUser('eve'))]);
    expect(story).toMatchObject({ verdict: 'HOLDS', disagreements: [], doubts: [] });
  });

  it('holds after a drift, a further cut and a release too', async () => {
    const { region } = account.emulator;
    await openInterface(account);
    await account.stage.invoke('DriftFunction', { drift: 'check' });
    const { code, stderr } = await command.start(
      account.emulator,
      ['release', report.instanceId, '--region', region, '--yes', '--reason', 'rebuilt'],
      { USER: 'ada' },
    ).ended;
    expect(code, stderr).toBe(0);
    await goOnWithRecords(account);
    const story = await retoldLater(account, report, 20);
    expect(story.remarks).toEqual([
      expect.stringMatching(byUser('eve')),
      expect.stringMatching(byUser('moto')),
    ]);
    expect(story).toMatchObject({ verdict: 'HOLDS', disagreements: [], doubts: [] });
  });

  it('names a call that says it is of the case, and is not on record', async () => {
    await changeInterface('mallory', `cordon-${report.caseId}`);
    const story = await retoldLater(account, report, 20);
    expect(story.verdict).toBe('UNPROVEN');
    expect(story.doubts).toEqual([
      expect.stringMatching(
        /ModifyNetworkInterfaceAttribute by "\S+:user\/mallory" .*: it names the case, and the record does not have it$/,
      ),
    ]);
  });
});
