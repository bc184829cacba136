import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleInstanceId } from '../../emulator/follow/finding.ts';
import { inProject } from '../../emulator/project.ts';
import type { Account } from '../containment/account.ts';

/** What a block printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A folder in which a person works, with the programs that the pages name. */
export interface Shell {
  readonly folder: string;
  /** Runs a script on a terminal, as a person pastes it, and ends it at the first command that fails. */
  run(script: string, variables?: Readonly<Record<string, string>>): Promise<Ended>;
}

const program = (path: string, lines: readonly string[]): void =>
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });

/** The project's own scripts that need no other project: everything else of npm has to be marked. */
const npm = [
  '[ "$1" = run ] && [ "$2" = --silent ] || { echo "npm $*: not here" >&2; exit 97; }',
  'script=$3; shift 3; [ "$1" = -- ] && shift',
  'case $script in',
  '  cordon) exec cordon "$@" ;;',
  `  invoke) exec "${process.execPath}" "${inProject('emulator/invoke/invoke.ts')}" "$@" ;;`,
  'esac',
  'echo "npm run $script: not here" >&2; exit 97',
];

const fill = (folder: string, awsCli: string): void => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  program(join(bin, 'cordon'), [
    `exec "${process.execPath}" "${inProject('dist/cordon.mjs')}" "$@"`,
  ]);
  program(join(bin, 'npm'), npm);
  // Its first version takes an endpoint of its own for SQS, whatever AWS_ENDPOINT_URL says.
  program(join(bin, 'aws'), [`exec "${awsCli}" --endpoint-url "$AWS_ENDPOINT_URL" "$@"`]);
};

/** The files that the pages take for granted. */
const writeFiles = (folder: string, { world }: Account): void => {
  for (const name of ['docs', 'events'])
    cpSync(inProject(name), join(folder, name), { recursive: true });
  const about = (name: string): string =>
    readFileSync(inProject('events', name), 'utf8').replaceAll(sampleInstanceId, world.suspectId);
  const findings = ['guardduty-command-and-control.json', 'manual.json'];
  for (const name of findings) writeFileSync(join(folder, 'events', name), about(name));
  writeFileSync(join(folder, 'finding.json'), about('guardduty-command-and-control.json'));
  writeFileSync(join(folder, 'env.json'), '{"Parameters": {}}');
  writeFileSync(join(folder, 'avml'), 'a program');
  const [, script = ''] =
    /```python\n(.*?)```/s.exec(readFileSync(inProject('docs/trail.md'), 'utf8')) ?? [];
  writeFileSync(join(folder, 'statement.py'), script);
  cpSync(inProject('docs/seal-codes.json'), join(folder, 'seal-codes.json'));
};

/** An image of memory as its volume has it: a header of 512 KiB, then the image; later a volume to format. */
const writeDevice = (folder: string): void => {
  const device = Buffer.alloc(4 * 1_024 * 1_024);
  device.write('cordon memory\nlength: 1000\n');
  writeFileSync(join(folder, 'device'), device);
};

/** Opens the folder; the commands in it reach the emulator of the account and nothing else. */
export const openShell = (account: Account, awsCli: string): Shell => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-pages-'));
  fill(folder, awsCli);
  writeFiles(folder, account);
  const environment = {
    ...account.emulator.environment,
    ...{ PATH: process.env.PATH, HOME: folder, USER: 'sam' },
    ...{ AWS_PAGER: '', TRANSITION_HOLD_SECONDS: '0', TERM: 'dumb' },
  };
  return {
    folder,
    run: (script, variables = {}) => {
      writeDevice(folder);
      // The command writes over no report; several pages name one alike.
      for (const name of ['report.html', 'report.md']) rmSync(join(folder, name), { force: true });
      const file = join(folder, 'block.sh');
      // Set here, and not for Python: the launchers of its versions put their own folder first.
      writeFileSync(file, `PATH="${join(folder, 'bin')}:$PATH"\n${script}`);
      const terminal = join(import.meta.dirname, 'at_terminal.py');
      const child = spawn('python3', [terminal, 'bash', '-eu', file], {
        cwd: folder,
        env: { ...environment, ...variables },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (data) => {
          output += String(data);
        });
      }
      return new Promise((resolve) => {
        child.on('close', (code) => resolve({ code, output }));
      });
    },
  };
};
