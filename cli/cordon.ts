import { Command, CommanderError } from 'commander';
import { CordonError } from '../src/case/errors.ts';
import { addApproveCommand } from './approve-command.ts';
import { addContainCommand } from './contain-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addEvidenceCommand } from './evidence-command.ts';
import { exitCodeHelp, exitCodes } from './exit-code.ts';
import { isInputError } from './input-errors.ts';
import { endWith, surviveLostOutput, tell } from './output.ts';
import { addPrepareCommand } from './prepare-command.ts';
import { addRefuseCommand } from './refuse-command.ts';
import { addReleaseCommand } from './release-command.ts';
import { addReportCommand } from './report-command.ts';
import { addStartCommand } from './start-command.ts';
import { addStopCommand } from './stop-command.ts';
import { addTrailCommand } from './trail-command.ts';
import { addTriageCommand } from './triage-command.ts';
import { addVerifyCommand } from './verify-command.ts';

surviveLostOutput();

let exitCode: number = exitCodes.done;
const onExitCode = (code: number): void => {
  exitCode = code;
};

/** The command of the on-call. */
const program = new Command('cordon')
  .description('Contains a compromised EC2 instance, and proves it.')
  .addHelpText('after', exitCodeHelp)
  // Else a command takes the options that come after the name of a command of its own.
  .enablePositionalOptions()
  .exitOverride();
addTriageCommand(program, onExitCode);
addContainCommand(program, onExitCode);
addVerifyCommand(program, onExitCode);
addApproveCommand(program, onExitCode);
addRefuseCommand(program, onExitCode);
addReleaseCommand(program, onExitCode);
addReportCommand(program, onExitCode);
addEvidenceCommand(program, onExitCode);
addDoctorCommand(program, onExitCode);
addTrailCommand(program, onExitCode);
addPrepareCommand(program, onExitCode);
addStopCommand(program, onExitCode);
addStartCommand(program, onExitCode);

const codeOfError = (error: unknown): number => {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  // Anything else is a crash, which Node shows with its stack and ends with 1.
  if (!(error instanceof CordonError)) throw error;
  tell(error.message);
  return isInputError(error) ? exitCodes.usage : exitCodes.notIsolated;
};

try {
  await program.parseAsync();
} catch (error) {
  exitCode = codeOfError(error);
}
endWith(exitCode);
