import { join } from 'node:path';
import { inProject } from '../project.ts';
import { ensureEnvironment } from './virtual-environment.ts';

/**
 * Gives the path of a Python that has the emulator, the SAM transform and the template linter, to
 * the versions of `requirements.txt`. Several processes may call it at once.
 *
 * @param report is told what is going on when it takes long.
 * @throws PythonUnavailableError when there is no such Python and none can be made.
 */
export const ensurePython = (report?: (line: string) => void): Promise<string> =>
  ensureEnvironment(
    {
      folder: inProject('.venv'),
      requirementsFile: join(import.meta.dirname, 'requirements.txt'),
      // What moto's server imports.
      modules: ['flask', 'flask_cors', 'boto3'],
      title: 'the embedded AWS (moto)',
    },
    report,
  );
