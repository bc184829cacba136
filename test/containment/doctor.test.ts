import { describe, expect, it } from 'vitest';
import { checks } from '../../src/doctor/index.ts';
import { useCommand } from './command.ts';
import type { Fault } from './doctor-faults/fault.ts';
import { lastingFaults, passingFaults } from './doctor-faults/faults.ts';
import type { Healthy } from './doctor-scene.ts';
import { useHealthyAccount } from './doctor-scene.ts';

const open = useHealthyAccount();
const command = useCommand();

/** Counts what is usual, unless a fault says otherwise. */
const arrive = async (
  account: Healthy,
  { heartbeat = 2, sample = 30 }: { heartbeat?: number | null; sample?: number | null } = {},
): Promise<void> => {
  if (heartbeat !== null) await account.arrive('Heartbeats', heartbeat);
  if (sample !== null) await account.arrive('SampleFindings', sample);
};

const openHealthy = async (): Promise<Healthy> => {
  const account = await open();
  await arrive(account);
  return account;
};

const blamed = (lines: readonly { check: string; state: string }[]) =>
  lines.filter(({ state }) => state !== 'ok').map(({ check }) => check);

describe('cordon doctor, in an account in which Cordon would work', () => {
  it('finds fault with nothing, and changes nothing', async () => {
    const account = await openHealthy();
    account.emulator.traffic.clear();
    const lines = await account.examine();
    expect(lines.filter(({ state }) => state !== 'ok')).toEqual([]);
    // Without an instance there is nothing to rehearse.
    expect(lines.map(({ check }) => check)).toEqual(
      checks.map(({ name }) => name).filter((name) => name !== 'instance'),
    );
    const changes = account.emulator.traffic.calls
      .map(({ action }) => action)
      .filter((action) => !/^(?:Describe|Get|List|Simulate|GET )/.test(action));
    // The trial of a signature, which makes none, and the session of the test.
    expect([...new Set(changes)].toSorted()).toEqual([
      'AssumeRole',
      'CreateRole',
      'PutRolePolicy',
      'Sign',
    ]);
  });
});

/** Plants a fault, and expects one line to say it, and no other to say anything. */
const expectFound = async (account: Healthy, { plant, ailing, found }: Fault): Promise<void> => {
  await plant?.(account);
  const lines = await account.examine(ailing);
  expect(lines.filter(({ state }) => state !== 'ok')).toEqual([
    {
      check: found.check,
      state: found.state,
      says: expect.stringMatching(found.says),
      remedy: expect.stringMatching(/./),
    },
  ]);
};

describe('cordon doctor, where one thing is wrong', () => {
  // Nothing but AWS is asked, so the account is good for the next one once the fault is mended.
  let opened: Healthy | undefined;

  it.each(passingFaults)('finds it, and blames nothing else: $name', async (fault) => {
    opened ??= await openHealthy();
    await expectFound(opened, fault);
    await fault.mend?.(opened);
  });

  it.each(lastingFaults)('finds it, and blames nothing else: $name', async (fault) => {
    const account = await open(fault.options);
    await arrive(account, fault.arrivals);
    await expectFound(account, fault);
  });
});

describe('cordon doctor, where several things hang together', () => {
  it('says that a cut would fail where groups are missing and the quota is used up', async () => {
    const account = await open({ parameters: { ConnectionCut: 'none' } });
    await arrive(account);
    const { groups } = await account.removeGroups();
    await account.emulator.quotas({ securityGroups: groups });
    const lines = await account.examine();
    expect(blamed(lines)).toEqual(['groups', 'quota']);
    expect(lines.find(({ check }) => check === 'quota')).toMatchObject({
      state: 'FAIL',
      says: expect.stringContaining('1 are still to be made'),
    });
  });

  it('says of everything in the stack that it is not known, where there is no such stack', async () => {
    const account = await openHealthy();
    const lines = await account.examine({ stackName: 'cordno' });
    expect(lines.find(({ check }) => check === 'stack')).toMatchObject({
      state: 'FAIL',
      says: 'there is no stack "cordno" in us-east-1, so nothing is contained automatically',
    });
    const known = ['identity', 'clock', 'guardduty', 'quota', 'cloudtrail'];
    for (const { check, state, says } of lines) {
      if (check === 'stack') continue;
      expect({ check, state }).toEqual({ check, state: known.includes(check) ? 'ok' : 'warn' });
      if (state === 'warn') expect(says).toBe('not checked: there is no stack to look at');
    }
  });

  it('takes nothing for well that it may not look at', async () => {
    const account = await openHealthy();
    const lines = await account.examine({ rights: [] });
    expect(lines.filter(({ state }) => state === 'ok').map(({ check }) => check)).toEqual([
      'identity',
      'clock',
    ]);
    expect(lines.filter(({ state }) => state === 'FAIL')).toEqual([]);
  });
});

describe('the command', () => {
  const doctor = async (account: Healthy, ...args: readonly string[]) =>
    command.start(account.emulator, ['doctor', ...args], await account.session()).ended;

  it('prints the verdict first and last, in 80 columns, and ends with 0', async () => {
    const account = await openHealthy();
    const { code, stdout, shown } = await doctor(account, '--instance', account.world.suspectId);
    const lines = shown.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('READY: 0 FAIL, 0 warn, 20 ok');
    expect(lines.at(-1)).toBe(lines[0]);
    expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
    expect(stdout).toMatch(/^ok {4}instance {4}i-[0-9a-f]+ could be contained: \d+ allowed, /m);
    expect({ code, stderr: shown.stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('ends with 3 where something fails, and says it to programs too', async () => {
    const account = await openHealthy();
    await passingFaults[0]?.plant?.(account);
    const { code, stdout } = await doctor(account);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^NOT READY: 1 FAIL, 0 warn, 18 ok\n/);
    expect(stdout).toMatch(/^FAIL {2}trigger {5}the rule of the findings is DISABLED: none /m);
    const asJson = await doctor(account, '--json');
    expect(asJson.code).toBe(3);
    const answer = JSON.parse(asJson.stdout);
    expect(answer).toMatchObject({ ready: false, region: 'us-east-1', stack: 'cordon' });
    expect(blamed(answer.checks)).toEqual(['trigger']);
    const quiet = await doctor(account, '--quiet');
    expect(quiet).toMatchObject({ code: 3, stdout: 'NOT READY: 1 FAIL, 0 warn, 18 ok\n' });
  });

  it.each([
    ['an id that is none', ['--instance', 'web-7'], /^--instance "web-7" is no instance id/],
    ['an instance that is not there', ['--instance', 'i-0123456789abcdef0'], /does not exist/],
    ['an option that is none', ['--instances'], /unknown option/],
  ])('ends with 2 and one sentence: %s', async (_, args, words) => {
    const account = await openHealthy();
    const { code, stdout, stderr } = await doctor(account, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
  });
});
