import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { ensureBuilt } from '../../build/ensure-built.ts';
import { inProject } from '../../build/paths.ts';
import type { Emulator } from '../../emulator/emulator.ts';
import { unfolded } from '../cli/unfolded.ts';

export interface Ended {
  readonly code: number | null;
  /** Sentences in one piece, however many lines they take on a terminal. */
  readonly stdout: string;
  readonly stderr: string;
  /** The same, line by line as it is shown. */
  readonly shown: { readonly stdout: string; readonly stderr: string };
}

/** The command while it runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** The command as people run it, in a folder of its own, against an emulator. */
export const useCommand = (): {
  readonly folder: () => string;
  start(
    emulator: Emulator,
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Running;
} => {
  let folder = '';
  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'cordon-command-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder: () => folder,
    start: (emulator, args, environment = {}) => {
      const child = spawn(process.execPath, [inProject('dist/cordon.mjs'), ...args], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, ...emulator.environment, ...environment },
      });
      const texts = { stdout: '', stderr: '' };
      child.stdout.on('data', (data) => {
        texts.stdout += String(data);
      });
      child.stderr.on('data', (data) => {
        texts.stderr += String(data);
      });
      const ended = new Promise<Ended>((resolve) => {
        child.on('close', (code) => {
          const { stdout, stderr } = texts;
          resolve({ code, stdout: unfolded(stdout), stderr: unfolded(stderr), shown: texts });
        });
      });
      return { child, ended };
    },
  };
};
