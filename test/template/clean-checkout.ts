import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inProject } from '../../emulator/project.ts';

/** Every file that is committed or would be: nothing that a build has left behind. */
const trackedFiles = (): readonly string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: inProject(),
    encoding: 'utf8',
  })
    .split('\0')
    .filter((file) => file !== '');

/** Copies the project into a new folder, as somebody has it who has just cloned it and run `npm ci`. */
export const makeCleanCheckout = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-checkout-'));
  for (const file of trackedFiles()) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(inProject(file), join(folder, file), { force: true });
  }
  symlinkSync(inProject('node_modules'), join(folder, 'node_modules'));
  return folder;
};
