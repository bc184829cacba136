import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inProject } from '../../emulator/project.ts';
import type { Computer } from './namespace.ts';

/** One end of a conversation that runs in a namespace, and ends with it. */
export interface Talker {
  readonly lines: readonly string[];
  readonly say: (line: string) => void;
  /** Resolves with the first line of this form, heard already or yet to come. */
  readonly hears: (pattern: RegExp) => Promise<string>;
}

interface Options {
  /** The program that runs it, as the computer sees it. */
  readonly program?: string;
  /** The id of the user that it runs as. */
  readonly user?: number;
}

const script = inProject('test/host/talk.ts');

const hearing = (child: ChildProcess) => {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const heard = (line: string) => {
    lines.push(line);
    for (const look of waiting) look();
  };
  createInterface(child.stdout as NodeJS.ReadableStream).on('line', heard);
  child.on('exit', () => heard('ended'));
  const hears = (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      const look = () => {
        const found = lines.find((line) => pattern.test(line));
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { lines, hears };
};

/** Starts `listen <port>` or `connect <address> <port>` on a computer. */
export const startTalker = (
  { enter }: Computer,
  words: readonly string[],
  { program = process.execPath, user = 0 }: Options = {},
): Talker => {
  const [file = '', ...rest] = enter({ TALK_USER: String(user) });
  const child = spawn(file, [...rest, program, script, ...words], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {});
  const { lines, hears } = hearing(child);
  return {
    lines,
    hears,
    say: (line) => child.stdin.write(`${line}\n`),
  };
};
