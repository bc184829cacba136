import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { asRoot, withVariables } from './as-root.ts';

const run = promisify(execFile);

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A computer in a network, mount and process namespace of its own, which ends with this process. */
export interface Computer {
  /** Its first process, by which its namespaces are entered. */
  readonly pid: number;
  /** The command that runs another one there, with variables. */
  readonly enter: (variables?: Readonly<Record<string, string>>) => readonly string[];
  /** Runs a script of a shell there to its end. */
  readonly sh: (script: string, variables?: Readonly<Record<string, string>>) => Promise<Ran>;
  readonly stop: () => void;
}

/** Runs a command to its end, whatever that is. */
export const outcomeOf = async (command: readonly string[]): Promise<Ran> => {
  const [file = '', ...rest] = command;
  try {
    return { code: 0, ...(await run(file, rest)) };
  } catch (error) {
    const { code, stdout = '', stderr = String(error) } = error as Partial<Ran>;
    return { code: typeof code === 'number' ? code : -1, stdout, stderr };
  }
};

/** Runs a command that has to work out. */
export const must = async (command: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await outcomeOf(command);
  if (code !== 0) throw new Error(`${command.join(' ')}\nended with ${code}: ${stderr}`);
  return stdout;
};

const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

/** The process at the end of the chain, once it is the one that the namespaces were made for. */
const lastProcess = async (child: ChildProcess): Promise<number> => {
  for (let tries = 0; tries < 500; tries += 1) {
    let pid = child.pid ?? 0;
    for (;;) {
      const next = (await read(`/proc/${pid}/task/${pid}/children`)).trim().split(' ')[0] ?? '';
      if (next === '') break;
      pid = Number(next);
    }
    if ((await read(`/proc/${pid}/comm`)).trim() === 'cat') return pid;
    if (child.exitCode !== null) break;
    await sleep(10);
  }
  throw new Error('no namespaces came about');
};

/** @throws Error where the kernel, or who runs this, may make no namespaces. */
export const startComputer = async (): Promise<Computer> => {
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const [file = '', ...rest] = [...asRoot, 'unshare', ...namespaces, 'cat'];
  // It ends when its stdin does: with whoever has started it, however that ends.
  const child = spawn(file, rest, { stdio: ['pipe', 'ignore', 'ignore'] });
  child.on('error', () => {});
  const pid = await lastProcess(child);
  const enter: Computer['enter'] = (variables = {}) => [
    ...[...asRoot, 'nsenter', '-t', String(pid), '-n', '-m', '-p', '--'],
    ...withVariables(variables),
  ];
  await must([...enter(), 'ip', 'link', 'set', 'lo', 'up']);
  return {
    pid,
    enter,
    sh: (script, variables) => outcomeOf([...enter(variables), 'sh', '-c', script]),
    stop: () => child.stdin?.end(),
  };
};

/** Runs a script there that has to work out. */
export const mustOn = ({ enter }: Computer, script: string): Promise<string> =>
  must([...enter(), 'sh', '-ec', script]);
