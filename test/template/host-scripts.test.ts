import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ensureEnvironment, programIn } from '../../emulator/moto/virtual-environment.ts';
import { inProject } from '../../emulator/project.ts';

const run = promisify(execFile);

/** The path of shellcheck, in a virtual environment of its own that outlives the test. */
const ensureShellcheck = async (): Promise<string> => {
  const folder = inProject('.venv-shellcheck');
  const python = await ensureEnvironment({
    folder,
    requirementsFile: join(import.meta.dirname, 'shellcheck-requirements.txt'),
    modules: [],
    title: 'shellcheck',
    runsSeldom: true,
  });
  const own = programIn(folder, 'python');
  return python === own ? programIn(folder, 'shellcheck') : 'shellcheck';
};

describe('the scripts that run on a suspect host', () => {
  it('are POSIX shell in which shellcheck finds nothing', async () => {
    const script = inProject('src/evidence/memory/scripts/acquire-linux.sh');
    const { stdout } = await run(await ensureShellcheck(), ['--shell=sh', '--format=gcc', script]);
    expect(stdout).toBe('');
  });
});
