import { CreateTagsCommand, ModifyNetworkInterfaceAttributeCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
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

const said = (account: Account, what: string): boolean =>
  subjects(account).join('\n').includes(what);

describe('A case of which a person has given the network back', () => {
  it('stays open, and the watch neither isolates it again nor takes it for drift', async () => {
    const account = await contained();
    const { suspectId } = account.world;
    const args = ['release', suspectId, '--only', 'network', '--yes', '--reason', 'to patch it'];
    const { code, stdout } = await command.start(account.emulator, args, { USER: 'ada' }).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^PARTLY RELEASED i-/);
    expect(await isOpen(account)).toBe(true);
    const answer = await check(account);
    expect(checked(answer)).toMatchObject([{ instanceId: suspectId, drifted: [], reisolated: [] }]);
    expect(await isOpen(account)).toBe(true);
    expect(said(account, 'AGAIN')).toBe(false);
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
