import { CommanderError } from 'commander';
import { CordonError } from '../src/case/errors.ts';
import { exitCodes } from './exit-code.ts';
import { isInputError, NotConfirmedError } from './input-errors.ts';
import { endWith, surviveLostOutput, tell } from './output.ts';
import { makeProgram } from './program.ts';

surviveLostOutput();

let exitCode: number = exitCodes.done;
const program = makeProgram((code) => {
  exitCode = code;
});

const codeOfError = (error: unknown): number => {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  // Anything else is a crash, which Node shows with its stack and ends with 1.
  if (!(error instanceof CordonError)) throw error;
  tell(error.message);
  if (error instanceof NotConfirmedError) return exitCodes.person;
  return isInputError(error) ? exitCodes.usage : exitCodes.notIsolated;
};

try {
  await program.parseAsync();
} catch (error) {
  exitCode = codeOfError(error);
}
endWith(exitCode);
