import {
  CreateTagsCommand,
  DescribeInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { followExecution } from '../../emulator/follow/execution.ts';
import { sampleEvent } from '../../emulator/follow/finding.ts';
import { exactCaseIdFor } from '../../src/case/case.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Account } from './account.ts';
import { containByEvent, subjects, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { groupNamesOf, interfaceIdsOf } from './world-state.ts';

const accounts = useAccount();
const command = useCommand();

const contained = async (): Promise<Account> => {
  const account = await accounts.open({ parameters: { OnDrift: 'enforce' } });
  expect((await containByEvent(account)).status).toBe('SUCCEEDED');
  return account;
};

const isOpen = async (account: Account): Promise<boolean> =>
  (await groupNamesOf(account, account.world.suspectId))
    .flat()
    .some((name) => !name.startsWith('cordon-'));

/** The scheduled check, to its end. */
const check = async ({ stage }: Account) => stage.invoke('DriftFunction', { drift: 'check' });

const checked = (answer: unknown): unknown =>
  (answer as { payload: { checked: readonly object[] } }).payload.checked;

const giveBack = async (account: Account, part: string): Promise<void> => {
  const { suspectId } = account.world;
  const args = ['release', suspectId, '--only', part, '--yes', '--reason', 'to patch it'];
  const { code, stdout } = await command.start(account.emulator, args, { USER: 'ada' }).ended;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^PARTLY RELEASED i-/);
};

/** The same finding once more, later, to the end of the execution that it starts. */
const findAgain = async ({ clients, emulator, stage, world }: Account) => {
  const { accountId, region } = emulator;
  const instanceId = world.suspectId;
  const finding = sampleEvent('guardduty-command-and-control', instanceId, new Date());
  const trigger = {
    ...{ source: 'guardduty', id: 'f-1', type: 'Backdoor:EC2/C&CActivity.B!DNS', severity: 8 },
    at: finding.time,
  };
  const caseId = exactCaseIdFor(instanceId, new Date());
  const { executionArn = '' } = await clients.stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: stage.stateMachineArn,
      name: caseId,
      input: JSON.stringify({ caseId, instanceId, accountId, region, trigger, dryRun: false }),
    }),
  );
  const { status, output } = await followExecution(clients, executionArn);
  return { status, report: output as CaseReport };
};

const said = (account: Account, what: string): boolean =>
  subjects(account).join('\n').includes(what);

describe('A case of which a person has given the network back', () => {
  it('stays open, and the watch neither isolates it again nor takes it for drift', async () => {
    const account = await contained();
    const { suspectId } = account.world;
    await giveBack(account, 'network');
    expect(await isOpen(account)).toBe(true);
    const answer = await check(account);
    expect(checked(answer)).toMatchObject([{ instanceId: suspectId, drifted: [], reisolated: [] }]);
    expect(await isOpen(account)).toBe(true);
    expect(said(account, 'AGAIN')).toBe(false);
  });

  // GuardDuty sends its findings again and again.
  it('is left open by a further finding, which is told with how to contain it all the same', async () => {
    const account = await contained();
    await giveBack(account, 'network');
    const { report, status } = await findAgain(account);
    expect(status).toBe('SUCCEEDED');
    expect(report.status).toBe('skipped');
    expect(report.reason).toMatch(
      /given back by a person \(".* partial network ada to patch it"\)/,
    );
    expect(report.reason).toContain('cordon contain');
    expect(await isOpen(account)).toBe(true);
    expect(subjects(account).at(-1)).toMatch(/^\[Cordon\] SKIPPED i-/);
  });

  it('is isolated again by a person who contains it', async () => {
    const account = await contained();
    await giveBack(account, 'network');
    const args = ['contain', account.world.suspectId, '--quiet'];
    const { stdout } = await command.start(account.emulator, args, { USER: 'ada' }).ended;
    expect(stdout).toMatch(/^CONTAINED /);
    expect(await isOpen(account)).toBe(false);
    // What was given back counts no longer.
    expect((await findAgain(account)).report.status).toBe('contained');
  });

  // threat C1, C14
  it('is isolated again where only a tag says that it was given back', async () => {
    const account = await contained();
    const { clients, world } = account;
    const { suspectId } = world;
    const [eni = ''] = await interfaceIdsOf(account, suspectId);
    await clients.ec2.send(
      new CreateTagsCommand({
        Resources: [suspectId],
        Tags: [
          {
            Key: 'cordon:step:release',
            Value: '2026-03-01T03:07:41.000Z partial network mallory',
          },
        ],
      }),
    );
    await clients.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: eni,
        Groups: [world.webGroupId],
      }),
    );
    await check(account);
    expect(await isOpen(account)).toBe(false);
    expect(said(account, `ISOLATED AGAIN ${suspectId}`)).toBe(true);
  });
});

describe('A case of which a person has given another part back', () => {
  it('keeps that part as it is in every repeat, and stays contained', async () => {
    const account = await contained();
    const { clients, world } = account;
    const isProtected = async (): Promise<boolean | undefined> => {
      const { DisableApiTermination } = await clients.ec2.send(
        new DescribeInstanceAttributeCommand({
          InstanceId: world.suspectId,
          Attribute: 'disableApiTermination',
        }),
      );
      return DisableApiTermination?.Value;
    };
    await giveBack(account, 'protections');
    // The second repeat knows it from the seal that the first one has renewed.
    for (const _repeat of [1, 2]) {
      const { report } = await findAgain(account);
      expect(report.status, report.reason).toBe('contained');
      expect(report.steps.find(({ step }) => step === 'protect')).toMatchObject({
        outcome: 'skipped',
      });
      expect(report.proof).toContainEqual(
        expect.objectContaining({
          control: 'termination-protection',
          required: false,
          observed: expect.stringMatching(/^given back by a person: /),
        }),
      );
      expect(await isProtected()).toBe(false);
    }
    expect(checked(await check(account))).toMatchObject([{ drifted: [] }]);
  });
});
