import { Command, CommanderError } from 'commander';
import { CordonError, InvalidSettingsError, UnintelligibleEventError } from '../src/case/errors.ts';
import { addContainCommand } from './contain-command.ts';
import { exitCodes } from './exit-code.ts';
import { addPrepareCommand } from './prepare-command.ts';
import { addVerifyCommand } from './verify-command.ts';

/** The command of the on-call. */
const program = new Command('cordon')
  .description('Contains a compromised EC2 instance, and proves it.')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed or partial, 2 usage or input, 3 needs a person.',
  )
  .exitOverride();

const onExitCode = (code: number): void => {
  process.exitCode = code;
};
addContainCommand(program, onExitCode);
addVerifyCommand(program, onExitCode);
addPrepareCommand(program, onExitCode);

const isInput = (error: unknown): boolean =>
  error instanceof UnintelligibleEventError || error instanceof InvalidSettingsError;

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  } else if (error instanceof CordonError) {
    console.error(error.message);
    process.exitCode = isInput(error) ? exitCodes.usage : exitCodes.needsPerson;
  } else throw error;
}
