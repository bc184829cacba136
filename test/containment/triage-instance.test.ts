import { describe, expect, it } from 'vitest';
import type { InstanceTriage } from '../../src/triage-instance.ts';
import { useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { worldState } from './world-state.ts';

const accounts = useAccount();
const command = useCommand();

describe('cordon triage of an instance', () => {
  it('says what it is, how it is reached, what containing it would change, and changes nothing', async () => {
    const account = await accounts.open();
    const { suspectId, autoScalingGroupName } = account.world;
    const before = await worldState(account);
    const args = ['triage', suspectId, '--region', account.emulator.region];
    const { code, stdout } = await command.start(account.emulator, [...args, '--json']).ended;
    expect(code).toBe(0);
    const { instance } = JSON.parse(stdout) as { instance: InstanceTriage };
    expect(instance).toMatchObject({
      instanceId: suspectId,
      accountId: account.emulator.accountId,
      autoScalingGroup: autoScalingGroupName,
      isolated: false,
      isolation: { profile: 'full', reason: expect.stringMatching(/goes on serving/) },
    });
    expect(instance.loadBalancers.length).toBeGreaterThan(0);
    expect(instance.waysOut).toContainEqual(
      expect.objectContaining({ destination: '0.0.0.0/0', target: expect.stringMatching(/^igw-/) }),
    );
    expect(instance.forensicPath).toMatchObject({
      state: 'missing',
      missing: ['profile', 'ssm-endpoint', 'ssmmessages-endpoint', 'upload-bucket', 'agent'],
    });
    expect(instance.changes.map(({ call }) => call)).toEqual(
      expect.arrayContaining([
        'autoscaling:DetachInstances',
        'ec2:ModifyNetworkInterfaceAttribute',
        'ec2:CreateSnapshots',
      ]),
    );
    const text = await command.start(account.emulator, args).ended;
    const lines = text.stdout.trim().split('\n');
    expect(lines[0]).toBe(`RECOMMENDED for ${suspectId}: full`);
    expect(lines.at(-1)).toBe(lines[0]);
    expect(lines).toContainEqual(
      expect.stringMatching(/^Forensic path: missing: full isolation leaves no path, by design/),
    );
    expect(await worldState(account)).toEqual(before);
  });

  it('ends with 2 for an instance that does not exist', async () => {
    const account = await accounts.open();
    const args = ['triage', 'i-00000000000000001', '--region', account.emulator.region];
    const { code, stderr } = await command.start(account.emulator, args).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('i-00000000000000001');
  });
});
