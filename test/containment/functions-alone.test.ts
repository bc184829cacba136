import { describe, expect, it } from 'vitest';
import type { StepEntry } from '../../src/case/step.ts';
import type { Account } from './account.ts';
import { useAccount } from './account.ts';
import { worldState } from './world-state.ts';

const accounts = useAccount();

const runAlone = async ({ stage, world }: Account, name: string): Promise<StepEntry> => {
  const result = await stage.invoke(name, { instanceId: world.suspectId });
  if (!('payload' in result)) throw new Error(`${result.errorType}: ${result.errorMessage}`);
  return result.payload as StepEntry;
};

const steps = [
  ['DescribeFunction', 'describe'],
  ['TagFunction', 'tag'],
  ['DetachAutoScalingFunction', 'detach-auto-scaling'],
  ['DeregisterLoadBalancersFunction', 'deregister-load-balancers'],
  ['PrepareIsolationFunction', 'prepare-isolation'],
  ['IsolateNetworkFunction', 'isolate-network'],
  ['ProtectFunction', 'protect'],
  ['SnapshotFunction', 'snapshot'],
  ['CheckSnapshotsFunction', 'check-snapshots'],
  ['VerifyFunction', 'verify'],
] as const;

describe('An engineer runs the steps one by one, each from the instance id alone', () => {
  it('contains the instance, each step with its own entry', async () => {
    const account = await accounts.open();
    for (const [name, step] of steps) {
      const entry = await runAlone(account, name);
      expect(entry).toMatchObject({ step, outcome: 'done' });
      expect(Date.parse(entry.finishedAt)).toBeGreaterThanOrEqual(Date.parse(entry.startedAt));
    }
    expect(await worldState(account)).toMatchObject({
      suspectGroups: [['cordon-isolation-full'], ['cordon-isolation-full']],
      suspectIsMember: false,
      snapshots: 3,
    });
  });

  it('finds everything done already the second time', async () => {
    const account = await accounts.open();
    for (const [name] of steps) await runAlone(account, name);
    const again = await Promise.all(
      [
        'PrepareIsolationFunction',
        'IsolateNetworkFunction',
        'ProtectFunction',
        'SnapshotFunction',
      ].map((name) => runAlone(account, name)),
    );
    expect(again.map(({ outcome }) => outcome)).toEqual(Array(4).fill('already'));
  });

  it('refuses what is no instance id in one sentence, and changes nothing', async () => {
    const account = await accounts.open();
    const before = await worldState(account);
    for (const [name] of steps) {
      const result = await account.stage.invoke(name, { instanceId: 'web-1' });
      expect(result).toMatchObject({
        errorType: 'UnintelligibleEventError',
        errorMessage: expect.stringContaining('i- and 8 or 17 hexadecimal digits'),
      });
    }
    expect(await worldState(account)).toEqual(before);
  });
});
