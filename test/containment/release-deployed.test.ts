import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import type { Account } from './account.ts';
import { containByEvent, subjects, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { groupNamesOf } from './world-state.ts';

const accounts = useAccount();
const command = useCommand();

const contained = async (): Promise<Account> => {
  const account = await accounts.open();
  expect((await containByEvent(account)).status).toBe('SUCCEEDED');
  return account;
};

const release = ({ emulator, world }: Account, ...args: string[]) =>
  command.start(emulator, ['release', world.suspectId, '--yes', ...args], { USER: 'ada' }).ended;

/** The executions of the machine of releases, with how they ended. */
const releases = async ({ emulator, stage }: Account) => {
  const credentials = { accessKeyId: 'auditor', secretAccessKey: 'auditor' };
  const { region, endpoint } = emulator;
  const client = new SFNClient({ region, endpoint, credentials });
  try {
    const { executions = [] } = await client.send(
      new ListExecutionsCommand({
        stateMachineArn: stage.deployed.outputs.ReleaseStateMachineArn,
      }),
    );
    return await Promise.all(
      executions.map(({ executionArn }) =>
        client.send(new DescribeExecutionCommand({ executionArn })),
      ),
    );
  } finally {
    client.destroy();
  }
};

const isOpen = async (account: Account): Promise<boolean> =>
  (await groupNamesOf(account, account.world.suspectId))
    .flat()
    .every((name) => !name.startsWith('cordon-'));

describe('A release where the stack is deployed', () => {
  it('deletes none of the groups that the stack keeps ready, though --clean was said', async () => {
    const account = await contained();
    const { code, stderr } = await release(account, '--clean');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('a stack keeps it ready for the next case');
    expect(stderr).not.toContain('deleted:');
  });

  it('says that the stack could not be read, not that there is none, and goes on by itself', async () => {
    const account = await contained();
    account.emulator.traffic.inject({
      service: 'cloudformation',
      action: 'DescribeStacks',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    const { stderr } = await release(account, '--clean', '--trust-tags');
    // It may be there, and keep its groups ready.
    expect(stderr).not.toContain('deleted:');
    expect(stderr).toMatch(/The stack "cordon" in us-east-1 could not be read \(.*AccessDenied/);
    expect(stderr).not.toContain('There is no stack');
  });

  it('is made by the stack’s own machine, which says who asked, and goes on where AWS had refused', async () => {
    const account = await contained();
    account.emulator.traffic.inject({
      service: 'elasticloadbalancing',
      action: 'RegisterTargets',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    const refused = await release(account);
    expect(refused.code).toBe(4);
    expect(refused.stdout).toMatch(/^NOT FULLY RELEASED i-/);
    expect(refused.stdout).toContain('aws elbv2 register-targets');
    expect((await releases(account))[0]).toMatchObject({
      status: 'FAILED',
      error: 'ReleaseIncompleteError',
    });
    account.emulator.traffic.clearFaults();
    const { code, stdout, stderr } = await release(account, '--reason', 'false alarm');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^RELEASED i-.*By ada: false alarm\.$/m);
    const ended = await releases(account);
    const execution = ended.find(({ status }) => status === 'SUCCEEDED');
    expect(ended).toHaveLength(2);
    expect(JSON.parse(execution?.input ?? '')).toMatchObject({
      instanceId: account.world.suspectId,
      requestedBy: 'ada',
      reason: 'false alarm',
    });
    expect(subjects(account).at(-1)).toMatch(/RELEASED/);
    expect(await isOpen(account)).toBe(true);
  });

  it('is made in the person’s own process where they may not start the machine', async () => {
    const account = await contained();
    account.emulator.traffic.inject({
      service: 'states',
      action: 'StartExecution',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    const { code, stderr } = await release(account);
    expect(code, stderr).toBe(0);
    expect(await releases(account)).toEqual([]);
    expect(await isOpen(account)).toBe(true);
  });
});
