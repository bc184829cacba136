import { join } from 'node:path';
import { ensureEnvironment, programIn } from '../../emulator/moto/virtual-environment.ts';
import { inProject } from '../../emulator/project.ts';

/** The path of the real AWS CLI, in a virtual environment of its own that outlives the test. */
export const ensureAwsCli = async (): Promise<string> => {
  const folder = inProject('.venv-aws-cli');
  const python = await ensureEnvironment({
    folder,
    requirementsFile: join(import.meta.dirname, 'aws-cli-requirements.txt'),
    modules: ['awscli'],
    title: 'the AWS CLI',
    runsSeldom: true,
  });
  return python === programIn(folder, 'python') ? programIn(folder, 'aws') : 'aws';
};
