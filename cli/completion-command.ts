import type { Command } from 'commander';
import { Argument } from 'commander';
import { bashScript } from './completion/bash.ts';
import type { Completable } from './completion/completable.ts';
import { completablesOf } from './completion/completable.ts';
import { fishScript } from './completion/fish.ts';
import { zshScript } from './completion/zsh.ts';
import { exitCodes } from './exit-code.ts';
import { print } from './output.ts';

const scripts = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
} as const satisfies Record<string, (all: readonly Completable[]) => string>;

type Shell = keyof typeof scripts;

/** `cordon completion bash|zsh|fish` */
export const addCompletionCommand = (
  program: Command,
  onExitCode: (code: number) => void,
): void => {
  program
    .command('completion')
    .description('Print a script by which a shell completes commands, options and choices.')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(scripts)))
    .action((shell: Shell) => {
      print(scripts[shell](completablesOf(program)));
      onExitCode(exitCodes.done);
    });
};
