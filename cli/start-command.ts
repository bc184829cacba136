import type { Command } from 'commander';
import { startAutomatic } from '../src/stop-automatic.ts';
import { exitCodes } from './exit-code.ts';
import type { SwitchOptions } from './switch-command.ts';
import { addSwitchOptions, sayVerdict, switchOf, whoAsks } from './switch-command.ts';

interface Options extends SwitchOptions {
  readonly reason: string;
}

const start = async (options: Options): Promise<number> => {
  const { deps, place } = await switchOf(options);
  const done = await startAutomatic(deps, place, { who: whoAsks(), reason: options.reason });
  const { stackName: stack, region } = place;
  const where = `stack ${stack} in ${region}`;
  if (options.json === true) {
    const status = done.ended === true ? 'started' : 'not-stopped';
    console.log(JSON.stringify({ status, stack, region, untold: done.untold }));
  } else if (done.ended === true) {
    sayVerdict(`STARTED: ${where} contains automatically again, as its Mode says.`, done.untold);
  } else console.log(`NOT STOPPED: there was no stop to end; ${where} acts as its Mode says.`);
  return done.untold === undefined ? exitCodes.done : exitCodes.person;
};

/** `cordon start` */
export const addStartCommand = (program: Command, onExitCode: (code: number) => void): void => {
  const added = program
    .command('start')
    .description('End what cordon stop began, now.')
    .option('--reason <text>', 'why; everybody is told', 'none given');
  addSwitchOptions(added).action(async (options: Options) => {
    onExitCode(await start(options));
  });
};
