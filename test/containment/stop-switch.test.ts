import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { sampleEvent } from '../../emulator/follow/finding.ts';
import { inProject } from '../../emulator/project.ts';
import { unfolded } from '../cli/unfolded.ts';
import type { Account } from './account.ts';
import { subjects, useAccount } from './account.ts';

const accounts = useAccount();

/** The command, as people run it; gives what it said and its exit code. */
const cordon = async ({ emulator }: Account, ...args: readonly string[]) => {
  const env = { PATH: process.env.PATH, USER: 'sam', ...emulator.environment };
  const log = ['--log', join(tmpdir(), 'cordon-stop-switch-test.log')];
  const run = promisify(execFile)(
    process.execPath,
    [inProject('dist/cordon.mjs'), ...args, ...log],
    {
      env,
    },
  );
  return run.then(
    ({ stdout }) => ({ code: 0, said: unfolded(stdout).trim() }),
    ({ code, stdout, stderr }) => ({ code, said: unfolded(`${stdout}${stderr}`).trim() }),
  );
};

/** What intake makes of a finding about the suspect. */
const takeIn = async ({ stage, world }: Account): Promise<Record<string, unknown>> => {
  const finding = sampleEvent('guardduty-command-and-control', world.suspectId, new Date());
  const result = await stage.invoke('IntakeFunction', finding);
  if (!('payload' in result)) throw new Error(`${result.errorType}: ${result.errorMessage}`);
  return result.payload as Record<string, unknown>;
};

const executionsOf = async ({ clients, stage }: Account): Promise<number> => {
  const { executions = [] } = await clients.stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn: stage.stateMachineArn }),
  );
  return executions.length;
};

describe('cordon stop and cordon start', () => {
  // fault D6
  it('keep findings from containing anybody, tell of them, and let them contain again', async () => {
    const account = await accounts.open();
    const stopped = await cordon(account, 'stop', '--reason', 'false alarms');
    expect(stopped).toEqual({
      code: 0,
      said: expect.stringMatching(
        /^STOPPED: stack cordon in us-east-1 contains nothing automatically until \d{4}-\d\d-\d\dT\d\d:\d\dZ\. Start again: cordon start --stack cordon --region us-east-1$/,
      ),
    });
    expect(await takeIn(account)).toMatchObject({
      executions: [],
      skipped: [
        {
          instanceId: account.world.suspectId,
          reason: expect.stringMatching(
            /^STOPPED: would have contained i-.* "sam" .* "false alarms"\.$/,
          ),
        },
      ],
    });
    expect(await executionsOf(account)).toBe(0);
    expect(subjects(account)).toEqual([
      '[Cordon] STOPPED: nothing is contained automatically',
      expect.stringMatching(/^\[Cordon\] STOPPED i-[0-9a-f]+: Backdoor:EC2/),
    ]);

    expect(await cordon(account, 'start', '--reason', 'over')).toEqual({
      code: 0,
      said: 'STARTED: stack cordon in us-east-1 contains automatically again, as its Mode says.',
    });
    expect((await takeIn(account)).executions).toHaveLength(1);
    expect(await executionsOf(account)).toBe(1);
  });

  it('say in one line what is wrong, and begin nothing', async () => {
    const account = await accounts.open();
    const { code, said } = await cordon(account, 'stop', '--reason', 'x', '--stack', 'cordno');
    expect(code).toBe(2);
    expect(said).toMatch(/^There is no stack "cordno" in this account and Region; .*$/);
    expect((await cordon(account, 'stop', '--reason', 'x', '--hours', '48')).code).toBe(2);
    expect((await cordon(account, 'stop')).code).toBe(2);
    expect((await cordon(account, 'start')).said).toMatch(/^NOT STOPPED: /);
    expect((await takeIn(account)).executions).toHaveLength(1);
  });

  // The first word must not wait for the switch.
  // fault D6
  it.each(['timeout', 'denied', 'server-error'] as const)(
    'do not hold up a finding where the switch answers %s',
    async (kind) => {
      const account = await accounts.open();
      account.emulator.traffic.inject({
        service: 'ssm',
        action: 'GetParameter',
        kind,
        times: Number.POSITIVE_INFINITY,
      });
      expect((await takeIn(account)).executions).toHaveLength(1);
    },
  );
});
