import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ensureEnvironment, programIn } from '../../emulator/moto/virtual-environment.ts';
import { inProject } from '../../emulator/project.ts';

/** The path of ShellCheck, in a virtual environment of its own that outlives the test. */
export const ensureShellcheck = async (): Promise<string> => {
  const folder = inProject('.venv-shellcheck');
  const python = await ensureEnvironment({
    folder,
    requirementsFile: join(import.meta.dirname, 'shellcheck-requirements.txt'),
    modules: [],
    title: 'ShellCheck',
  });
  return python === programIn(folder, 'python') ? programIn(folder, 'shellcheck') : 'shellcheck';
};

/** What ShellCheck finds in a script, as it words it; empty: nothing. */
export const shellcheck = async (
  program: string,
  script: string,
  shell: 'sh' | 'bash' = 'sh',
): Promise<string> => {
  const child = spawn(program, ['--shell', shell, '--severity', 'style', '-']);
  child.stdin.end(script);
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [said] = await Promise.all([text(child.stdout), ended]);
  return said;
};
