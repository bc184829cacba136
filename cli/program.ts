import { Command } from 'commander';
import { addApproveCommand } from './approve-command.ts';
import { addCompletionCommand } from './completion-command.ts';
import { addContainCommand } from './contain-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addEvidenceCommand } from './evidence-command.ts';
import { addExamples } from './examples.ts';
import { exitCodeHelp } from './exit-code.ts';
import { columns } from './fold.ts';
import { tell } from './output.ts';
import { addPrepareCommand } from './prepare-command.ts';
import { addRefuseCommand } from './refuse-command.ts';
import { addReleaseCommand } from './release-command.ts';
import { addReportCommand } from './report-command.ts';
import { addStartCommand } from './start-command.ts';
import { addStatusCommand } from './status-command.ts';
import { addStopCommand } from './stop-command.ts';
import { addTakeCommand } from './take-command.ts';
import { addTrailCommand } from './trail-command.ts';
import { addTriageCommand } from './triage-command.ts';
import { addVerifyCommand } from './verify-command.ts';

/** The command of the on-call, with all of its commands; what they end with goes to `onExitCode`. */
export const makeProgram = (onExitCode: (code: number) => void): Command => {
  const program = new Command('cordon')
    .description('Contains a compromised EC2 instance, and proves it.')
    .addHelpText('after', exitCodeHelp)
    .configureHelp({ minWidthToWrap: 20, subcommandTerm: (command) => command.name() })
    .configureOutput({
      ...{ getOutHelpWidth: () => columns, getErrHelpWidth: () => columns },
      writeErr: (text) => tell(text.trimEnd()),
    })
    // Else a command takes the options that come after the name of a command of its own.
    .enablePositionalOptions()
    .exitOverride();
  addTriageCommand(program, onExitCode);
  addContainCommand(program, onExitCode);
  addVerifyCommand(program, onExitCode);
  addStatusCommand(program, onExitCode);
  addTakeCommand(program, onExitCode);
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
  addCompletionCommand(program, onExitCode);
  addExamples(program);
  return program;
};
