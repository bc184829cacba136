import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateTagsCommand,
  DescribeNetworkInterfacesCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { publishedMessages } from '../../emulator/follow/published.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { Account } from './account.ts';
import { containByEvent, subjects, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { tableOf } from './intake-scene.ts';

/** What the on-call sees of the open cases in the morning, and how nobody forgets one. */

const accounts = useAccount();
const command = useCommand();

const cordon = (account: Account, user: string, ...args: readonly string[]) =>
  command.start(account.emulator, [...args, '--region', account.emulator.region], { USER: user })
    .ended;

const itemOf = async (account: Account) => tableOf(account).item(account.world.suspectId);

const caseOf = async (account: Account): Promise<string> =>
  (await itemOf(account))?.caseId?.S ?? '';

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

/** As if so many hours had passed since. */
const age = async (account: Account, attribute: string, hours: number): Promise<void> => {
  const { dynamoDb, tableName } = tableOf(account);
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { id: { S: `case#${account.world.suspectId}` } },
      UpdateExpression: 'SET #attribute = :at',
      ExpressionAttributeNames: { '#attribute': attribute },
      ExpressionAttributeValues: { ':at': { S: hoursAgo(hours) } },
    }),
  );
};

const watch = ({ stage }: Account) => stage.invoke('DriftFunction', { drift: 'check' });

const reminders = (account: Account) =>
  subjects(account).filter((subject) => subject.includes('OPEN CASE'));

describe('cordon status', () => {
  it('says in one sentence that no case is open', async () => {
    const account = await accounts.open();
    const { code, stdout, stderr } = await cordon(account, 'sam', 'status');
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'No case is open in us-east-1.\n',
      stderr: '',
    });
  });

  it('shows an open case as it is read back, with its owner and what to do next', async () => {
    const account = await accounts.open();
    const { suspectId } = account.world;
    await account.clients.ec2.send(
      new CreateTagsCommand({
        Resources: [suspectId],
        Tags: [{ Key: 'Name', Value: '=cmd|calc\u202e"x' }],
      }),
    );
    await containByEvent(account);
    const caseId = await caseOf(account);
    const first = await cordon(account, 'sam', 'status');
    expect(first.code).toBe(0);
    const lines = first.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('1 OPEN CASE in us-east-1: all isolated.');
    expect(lines.at(-1)).toBe(lines[0]);
    const line = lines.find((one) => one.startsWith(caseId)) ?? '';
    expect(line).toMatch(/ CONTAINED {2,}\d+ (?:s|min) {2,}(\d+)\/\1 {2,}guardduty {2,}nobody /);
    expect(line).toContain(`"=cmd|calc 'x"`);
    expect(line).toContain(`cordon take ${caseId} --region us-east-1`);

    const taken = await cordon(account, 'alice', 'take', suspectId, '--reason', 'on it');
    expect(taken.code).toBe(0);
    expect(taken.stdout).toMatch(/^TAKEN \S+\n"alice" looks after it from now on; review by /);
    const csv = await cordon(account, 'sam', 'status', '--csv');
    expect(csv.stdout.split('\r\n')[1]).toContain(`${caseId},${suspectId},us-east-1,`);
    expect(csv.stdout).toContain(`'=cmd|calc`);
    const json = JSON.parse((await cordon(account, 'sam', 'status', '--json')).stdout);
    expect(json).toMatchObject({
      verdict: '1 OPEN CASE in us-east-1: all isolated.',
      regions: [{ region: 'us-east-1', source: 'case-table' }],
      cases: [
        {
          caseId,
          instanceId: suspectId,
          state: 'CONTAINED',
          status: 'contained',
          open: true,
          owner: 'alice',
          reason: 'on it',
          next: `cordon verify ${suspectId} --region us-east-1`,
        },
      ],
    });
  });

  it('believes AWS and not the table: what was opened since is not isolated, and ends with 4', async () => {
    const account = await accounts.open();
    const { suspectId, webGroupId } = account.world;
    await containByEvent(account);
    const { NetworkInterfaces = [] } = await account.clients.ec2.send(
      new DescribeNetworkInterfacesCommand({
        Filters: [{ Name: 'attachment.instance-id', Values: [suspectId] }],
      }),
    );
    await account.clients.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: NetworkInterfaces[0]?.NetworkInterfaceId,
        Groups: [webGroupId],
      }),
    );
    const { code, stdout } = await cordon(account, 'sam', 'status');
    expect(code).toBe(4);
    expect(stdout).toMatch(/^1 OPEN CASE in us-east-1: 1 NOT ISOLATED, or not known to be\.\n/);
    expect(stdout).toContain(`cordon contain ${suspectId} --region us-east-1`);
  });

  it('shows ended cases where they are asked for, and tags where there is no stack', async () => {
    const account = await accounts.open();
    const { suspectId } = account.world;
    await containByEvent(account);
    const caseId = await caseOf(account);
    const untabled = await cordon(account, 'sam', 'status', '--stack', 'none', '--json');
    expect(JSON.parse(untabled.stdout)).toMatchObject({
      regions: [{ source: 'tags', remark: expect.stringContaining('there is no stack "none"') }],
      cases: [{ caseId, state: 'CONTAINED', by: 'guardduty' }],
    });
    const said = await cordon(account, 'sam', 'status', '--stack', 'none');
    expect(said.stderr).toMatch(
      /^In us-east-1 there is no stack "none".*tags .* all that is known/,
    );
    await cordon(account, 'sam', 'release', suspectId, '--yes', '--reason', 'false alarm');
    expect((await cordon(account, 'sam', 'status')).stdout).toBe('No case is open in us-east-1.\n');
    const all = await cordon(account, 'sam', 'status', '--all');
    expect(all.code).toBe(0);
    expect(all.stdout).toMatch(new RegExp(`${caseId} .* RELEASED `));
    const late = await cordon(account, 'sam', 'take', caseId);
    expect(late).toMatchObject({ code: 3, stdout: '' });
    expect(late.stderr).toContain('nobody has to look after it any more');
  });

  it('looks into every Region that is named, and says where nothing but tags is known', async () => {
    const account = await accounts.open();
    const { emulator } = account;
    await containByEvent(account);
    const elsewhere = new EC2Client({ ...clientConfiguration(emulator), region: 'eu-west-1' });
    const { Instances = [] } = await elsewhere.send(
      new RunInstancesCommand({
        ...{ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 },
        TagSpecifications: [
          {
            ResourceType: 'instance',
            Tags: [
              { Key: 'cordon:status', Value: 'contained' },
              { Key: 'cordon:case-id', Value: 'of a stack that is gone' },
            ],
          },
        ],
      }),
    );
    const [{ InstanceId: other = '' } = {}] = Instances;
    const status = (...args: readonly string[]) =>
      command.start(emulator, ['status', ...args], { USER: 'sam' }).ended;
    const both = await status('--region', 'us-east-1', '--region', 'eu-west-1');
    expect(both.code).toBe(4);
    expect(both.stdout).toMatch(
      /^2 OPEN CASES in us-east-1, eu-west-1: 1 NOT ISOLATED, or not known to be\.\n/,
    );
    expect(both.stderr).toMatch(/^In eu-west-1 there is no stack /);
    expect(both.stdout).toContain(`cordon contain ${other} --region eu-west-1`);
    const all = await status('--region', 'all', '--json');
    const { cases, regions } = JSON.parse(all.stdout);
    expect(all.code).toBe(4);
    expect(regions.length).toBeGreaterThan(10);
    expect(cases.map(({ instanceId }: { instanceId: string }) => instanceId).toSorted()).toEqual(
      [account.world.suspectId, other].toSorted(),
    );
  });

  it('does not say that nothing is open where the table may not be read', async () => {
    const account = await accounts.open();
    account.emulator.traffic.inject({
      service: 'dynamodb',
      action: 'Scan',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    const { code, stdout, stderr } = await cordon(account, 'sam', 'status');
    expect(code).toBe(4);
    expect(stdout).toBe('NOT KNOWN whether a case is open in us-east-1.\n');
    expect(stderr).toContain('there may be open cases that no tag shows');
  });
});

describe('An open case that nobody looks at', () => {
  it('is told again, once, whoever watches, and again after the next period', async () => {
    const account = await accounts.open();
    const { suspectId } = account.world;
    await containByEvent(account);
    await watch(account);
    expect(reminders(account)).toEqual([]);
    await age(account, 'openedAt', 26.2);
    await Promise.all([watch(account), watch(account)]);
    await watch(account);
    const subject = `[Cordon] OPEN CASE ${suspectId}: nobody has looked for 26 hours`;
    expect(reminders(account)).toEqual([subject]);
    const told = publishedMessages(account.emulator.traffic).find((one) => one.subject === subject);
    expect(told?.text).toContain(`cordon take ${await caseOf(account)} --region us-east-1`);
    expect((await cordon(account, 'sam', 'status')).stdout).toContain('nobody, OVERDUE 2 h');
    await age(account, 'remindedAt', 25);
    await watch(account);
    expect(reminders(account)).toHaveLength(2);
  });

  it('is told when it was taken and its review is past; nothing ends by itself', async () => {
    const account = await accounts.open();
    const { suspectId } = account.world;
    await containByEvent(account);
    await age(account, 'openedAt', 80);
    await cordon(account, 'alice', 'take', suspectId);
    await watch(account);
    expect(reminders(account)).toEqual([]);
    await age(account, 'takenAt', 73);
    await age(account, 'reviewAt', 49);
    await watch(account);
    expect(reminders(account)).toEqual([
      `[Cordon] OPEN CASE ${suspectId}: nobody has looked for 3 days`,
    ]);
    expect((await itemOf(account))?.status?.S).toBe('contained');
  });

  it('is told of nowhere with ReviewAfterHours=0', async () => {
    const account = await accounts.open({ parameters: { ReviewAfterHours: '0' } });
    await containByEvent(account);
    await age(account, 'openedAt', 1_000);
    await watch(account);
    expect(reminders(account)).toEqual([]);
    const taken = await cordon(account, 'alice', 'take', account.world.suspectId);
    expect(taken.stdout).toContain('no review');
  });
});
