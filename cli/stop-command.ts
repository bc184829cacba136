import type { Command } from 'commander';
import { command } from '../src/case/command.ts';
import { longestStopHours, minuteOf, usualStopHours } from '../src/case/stop-switch.ts';
import type { Switched } from '../src/notify/stop-message.ts';
import type { Switching } from '../src/stop-automatic.ts';
import { stopAutomatic } from '../src/stop-automatic.ts';
import { exitCodes } from './exit-code.ts';
import type { SwitchOptions } from './switch-command.ts';
import { addSwitchOptions, sayVerdict, switchOf, whoAsks } from './switch-command.ts';

interface Options extends SwitchOptions {
  readonly reason: string;
  readonly hours: string;
}

const verdictOf = ({ stop }: Switching, { stackName, region }: Switched): string => {
  const start = command(['cordon', 'start', '--stack', stackName, '--region', region]);
  const until = stop === undefined ? '' : ` until ${minuteOf(stop.until)}`;
  return `STOPPED: stack ${stackName} in ${region} contains nothing automatically${until}. Start again: ${start}`;
};

const stop = async (options: Options): Promise<number> => {
  const { deps, place } = await switchOf(options);
  const { reason, hours } = options;
  const done = await stopAutomatic(deps, place, { hours: Number(hours), who: whoAsks(), reason });
  if (options.json === true) {
    const { stackName: stack, region } = place;
    console.log(
      JSON.stringify({ status: 'stopped', stack, region, ...done.stop, untold: done.untold }),
    );
  } else sayVerdict(verdictOf(done, place), done.untold);
  return done.untold === undefined ? exitCodes.done : exitCodes.person;
};

/** `cordon stop --reason …` */
export const addStopCommand = (program: Command, onExitCode: (code: number) => void): void => {
  const added = program
    .command('stop')
    .description(
      'Stop everything automatic of a deployed Cordon, now. Findings are told meanwhile, and contained by nobody; contain by hand goes on working.',
    )
    .requiredOption('--reason <text>', 'why; everybody is told')
    .option('--hours <hours>', `for how long, at most ${longestStopHours}`, String(usualStopHours));
  addSwitchOptions(added).action(async (options: Options) => {
    onExitCode(await stop(options));
  });
};
