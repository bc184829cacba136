import type { Command } from 'commander';
import { command } from '../src/case/command.ts';
import { longestStopHours, minuteOf, usualStopHours } from '../src/case/stop-switch.ts';
import { stopAutomatic } from '../src/stop-automatic.ts';
import type { SwitchOptions } from './switch-command.ts';
import { throwSwitch, whoAsks, withSwitchOptions } from './switch-command.ts';

interface Options extends SwitchOptions {
  readonly hours: string;
}

const stop = (options: Options): Promise<number> =>
  throwSwitch(options, 'NOT STOPPED', async (deps, place) => {
    const { stackName, region } = place;
    const { reason, hours } = options;
    const request = { hours: Number(hours), who: whoAsks(), reason };
    const { stop: stands, ...rest } = await stopAutomatic(deps, place, request);
    const start = command(['cordon', 'start', '--stack', stackName, '--region', region]);
    return {
      verdict: `STOPPED: stack ${stackName} in ${region} contains nothing automatically until ${minuteOf(stands.until)}. Start again: ${start}`,
      json: { status: 'stopped', stack: stackName, region, ...stands },
      ...rest,
    };
  });

/** `cordon stop --reason …` */
export const addStopCommand = (program: Command, onExitCode: (code: number) => void): void => {
  const added = program
    .command('stop')
    .description(
      'Stop everything automatic of a deployed Cordon, now. Findings are told meanwhile, and contained by nobody; contain by hand goes on working.',
    )
    .requiredOption('--reason <text>', 'why; everybody is told')
    .option('--hours <hours>', `for how long, at most ${longestStopHours}`, String(usualStopHours));
  withSwitchOptions(added).action(async (options: Options) => {
    onExitCode(await stop(options));
  });
};
