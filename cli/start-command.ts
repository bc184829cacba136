import type { Command } from 'commander';
import { startAutomatic } from '../src/stop-automatic.ts';
import type { SwitchOptions } from './switch-command.ts';
import { throwSwitch, whoAsks, withSwitchOptions } from './switch-command.ts';

const start = (options: SwitchOptions): Promise<number> =>
  throwSwitch(options, 'NOT STARTED', async (deps, place) => {
    const { stackName: stack, region } = place;
    const request = { who: whoAsks(), reason: options.reason };
    const { ended, ...rest } = await startAutomatic(deps, place, request);
    const where = `stack ${stack} in ${region}`;
    return {
      verdict: ended
        ? `STARTED: ${where} contains automatically again, as its Mode says.`
        : `NOT STOPPED: there was no stop to end; ${where} acts as its Mode says.`,
      json: { status: ended ? 'started' : 'not-stopped', stack, region },
      ...rest,
    };
  });

/** `cordon start` */
export const addStartCommand = (program: Command, onExitCode: (code: number) => void): void => {
  const added = program
    .command('start')
    .description('End what cordon stop began, now.')
    .option('--reason <text>', 'why; everybody is told', 'none given');
  withSwitchOptions(added).action(async (options: SwitchOptions) => {
    onExitCode(await start(options));
  });
};
