import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../build/ensure-built.ts';
import { sampleEvent } from '../../emulator/follow/finding.ts';
import { inProject } from '../../emulator/project.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { unfolded } from '../cli/unfolded.ts';
import { useAccount } from './account.ts';
import { makeGroups } from './make-groups.ts';
import { worldState } from './world-state.ts';

const accounts = useAccount();
beforeAll(ensureBuilt);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script as npm does, with an environment of its own. */
const run = (
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [inProject(script), ...args],
      { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...environment } },
      (error, stdout, stderr) =>
        resolve({
          code: typeof error?.code === 'number' ? error.code : 0,
          stdout: unfolded(stdout),
          stderr: unfolded(stderr),
        }),
    );
  });

const write = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
};

describe('cordon contain', () => {
  it('contains the instance and keeps the before-state in a file beside the person', async () => {
    const { emulator, world, ...rest } = await accounts.open();
    const ended = await run(
      'dist/cordon.mjs',
      ['contain', world.suspectId, '--json', '--reason', 'seen by the SIEM', '--log', 'case.log'],
      { ...emulator.environment, TRANSITION_HOLD_SECONDS: '0', USER: 'sam' },
    );
    expect(ended.code).toBe(0);
    const { cases } = JSON.parse(ended.stdout) as { cases: readonly CaseReport[] };
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({
      status: 'contained',
      trigger: { source: 'manual', requestedBy: 'sam', reason: 'seen by the SIEM' },
    });
    expect(readFileSync(join(folder, 'case.log'), 'utf8')).toContain('"message":"before"');
    const state = await worldState({ emulator, world, ...rest });
    expect(state.suspectGroups).toEqual([['cordon-isolation-full'], ['cordon-isolation-full']]);
  });

  it('rehearses a finding without changing anything, and tells nobody', async () => {
    const account = await accounts.open();
    const { emulator, world } = account;
    const before = await worldState(account);
    const file = write(
      'finding.json',
      sampleEvent('guardduty-command-and-control', world.suspectId, new Date()),
    );
    const ended = await run('dist/cordon.mjs', ['contain', file, '--dry-run', '--json'], {
      ...emulator.environment,
    });
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ cases: [{ status: 'planned' }] });
    expect(await worldState(account)).toEqual(before);
  });

  // fault S10
  it('ends with 4, and says so on standard error too, when the instance could not be isolated', async () => {
    const account = await accounts.open();
    await makeGroups(account);
    const { emulator, world } = account;
    emulator.traffic.inject({
      service: 'ec2',
      action: 'ModifyNetworkInterfaceAttribute',
      kind: 'denied',
      times: Infinity,
    });
    const ended = await run('dist/cordon.mjs', ['contain', world.suspectId], {
      ...emulator.environment,
    });
    expect(ended.code).toBe(4);
    expect(ended.stdout).toMatch(/^NOT CONTAINED i-.*ACT NOW/);
    expect(ended.stdout.trim()).toMatch(/\nNOT CONTAINED i-\w+$/);
    expect(ended.stdout).toMatch(/--network-interface-id eni-\w+ --groups sg-\w+/);
    expect(ended.stderr).toContain(`NOT CONTAINED ${world.suspectId}`);
    expect(ended.stdout).not.toContain('    at ');
  });

  it.each([
    ['a name', ['contain', 'web-1'], {}],
    ['no Region', ['contain', 'i-0123456789abcdef0'], { AWS_CONFIG_FILE: '/dev/null' }],
    ['a wrong option', ['contain', '--now'], {}],
    [
      'a wrong setting',
      ['contain', 'i-0123456789abcdef0'],
      { AWS_REGION: 'us-east-1', MINIMUM_SEVERITY: 'high' },
    ],
    ['a Region that is none', ['contain', 'i-0123456789abcdef0', '--region', 'nowhere'], {}],
    [
      'a --dry-run that npm kept for itself',
      ['contain', 'i-0123456789abcdef0'],
      { AWS_REGION: 'us-east-1', npm_config_dry_run: 'true' },
    ],
    [
      'a --dry-run of a release that npm kept for itself',
      ['release', 'i-0123456789abcdef0', '--yes'],
      { AWS_REGION: 'us-east-1', npm_config_dry_run: 'true' },
    ],
  ])('ends with 2 and one sentence for %s', async (_, args, environment) => {
    const ended = await run('dist/cordon.mjs', args, environment);
    expect(ended.code).toBe(2);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).not.toContain('    at ');
    expect(ended.stderr.trim()).not.toBe('');
  });
});

describe('npm run invoke', () => {
  it('prints the result alone on standard output, as one line', async () => {
    const { emulator, world } = await accounts.open();
    const ended = await run(
      'emulator/invoke/invoke.ts',
      ['ContainFunction', write('manual.json', { instanceId: world.suspectId })],
      { ...emulator.environment, TRANSITION_HOLD_SECONDS: '0' },
    );
    expect(ended.code).toBe(0);
    expect(ended.stdout.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ cases: [{ status: 'contained' }] });
    expect(ended.stderr).toContain('"message":"before"');
  });

  it('prints the error and ends with 1 when the handler threw', async () => {
    const ended = await run(
      'emulator/invoke/invoke.ts',
      ['ContainFunction', write('unknown.json', { source: 'aws.ec2' })],
      {},
    );
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toEqual({
      errorType: 'UnintelligibleEventError',
      errorMessage: expect.stringContaining('Cordon does not know this event'),
    });
  });

  it('takes variables from the file before the shell, the own ones before the others', async () => {
    const variables = write('variables.json', {
      Parameters: { MINIMUM_SEVERITY: 'one', CONNECTION_CUT: 'maybe', UNDECLARED: 'x' },
      ContainFunction: { MINIMUM_SEVERITY: 'two' },
    });
    const event = write('manual.json', { instanceId: 'i-0123456789abcdef0' });
    const ended = await run(
      'emulator/invoke/invoke.ts',
      ['ContainFunction', event, '--env-vars', variables],
      { MINIMUM_SEVERITY: 'three', ISOLATION_PROFILE: 'open' },
    );
    const { errorMessage } = JSON.parse(ended.stdout) as { errorMessage: string };
    expect(errorMessage).toContain('MINIMUM_SEVERITY is "two"');
    expect(errorMessage).toContain('CONNECTION_CUT is "maybe"');
    expect(errorMessage).toContain('ISOLATION_PROFILE is "open"');
  });
});
