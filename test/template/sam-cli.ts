import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureEnvironment, programIn } from '../../emulator/moto/virtual-environment.ts';
import { inProject } from '../../emulator/project.ts';

const run = promisify(execFile);

/** The path of the real SAM CLI, in a virtual environment of its own that outlives the test. */
export const ensureSam = async (): Promise<string> => {
  const folder = inProject('.venv-sam');
  const python = await ensureEnvironment({
    folder,
    requirementsFile: join(import.meta.dirname, 'sam-requirements.txt'),
    modules: ['samcli'],
    title: 'the SAM CLI',
    runsSeldom: true,
  });
  const own = programIn(folder, 'python');
  return python === own ? programIn(folder, 'sam') : 'sam';
};

/** Runs `sam` in a folder; without an account, and without telling anybody. */
export const runSam = async (sam: string, folder: string, args: readonly string[]) =>
  run(sam, args, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AWS_DEFAULT_REGION: 'us-east-1',
      SAM_CLI_TELEMETRY: '0',
    },
  });
