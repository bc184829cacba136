import { execFile } from 'node:child_process';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../build/paths.ts';
import { makeProgram } from '../../cli/program.ts';
import { sharedEmulator } from '../../emulator/test/shared-moto.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { collected } from './evidence-scene.ts';
import { findingAbout, tableOf, takeIn } from './intake-scene.ts';

/** What every command shows, whatever comes of it: somebody who was woken reads it at a small terminal. */

const accounts = useAccount({ stays: true });
const command = useCommand();

type Kind = 'success' | 'empty' | 'failure' | 'wrong use';

/** One way of calling a command, and what it ends with. */
interface Use {
  readonly kind: Kind;
  readonly args: readonly string[];
  readonly code: number;
  /** What AWS denies meanwhile. */
  readonly denied?: readonly [service: string, action: string];
}

/** What is there before a command: a contained case, with or without evidence, one that is asked about, or nothing. */
type Scene = 'contained' | 'collected' | 'asked' | 'nothing';

/** A command: what is there before it is called, and its uses in their order. */
interface Row {
  readonly before: Scene;
  /** Whether it leaves what the next one finds, so that each has an account of its own. */
  readonly changes?: true;
  readonly uses: (names: { readonly instance: string; readonly healthy: string }) => readonly Use[];
}

const nobody = 'i-0123456789abcdef0';
const use = (kind: Kind, code: number, ...args: readonly string[]): Use => ({ kind, args, code });
const denied = (
  [service, action]: readonly [string, string],
  code: number,
  ...args: readonly string[]
): Use => ({ kind: 'failure', args, code, denied: [service, action] });
const table = ['dynamodb', '*'] as const;
const store = ['s3', '*'] as const;

const rows: Readonly<Record<string, Row>> = {
  triage: {
    before: 'nothing',
    uses: ({ instance }) => [
      use('success', 0, instance),
      use('success', 0, inProject('events/guardduty-command-and-control.json')),
      use('failure', 2, nobody),
      use('wrong use', 2, 'i-12'),
    ],
  },
  contain: {
    before: 'nothing',
    changes: true,
    uses: ({ instance, healthy }) => [
      use('success', 0, instance, '--dry-run'),
      use('success', 0, instance),
      use('empty', 2, nobody),
      denied(['ec2', 'ModifyNetworkInterfaceAttribute'], 4, healthy),
      use('wrong use', 2, instance, '--isolation', 'none'),
    ],
  },
  verify: {
    before: 'contained',
    uses: ({ instance, healthy }) => [
      use('success', 0, instance),
      use('empty', 4, healthy),
      denied(['ec2', 'DescribeInstances'], 4, instance),
      use('wrong use', 2, 'i-12'),
    ],
  },
  status: {
    before: 'contained',
    uses: () => [
      use('success', 0),
      use('success', 0, '--csv'),
      use('empty', 0, '--stack', 'none', '--region', 'eu-west-1'),
      denied(table, 4),
      use('wrong use', 2, '--region', 'nowhere'),
      use('wrong use', 2, '--csv', '--json'),
    ],
  },
  take: {
    before: 'contained',
    uses: ({ instance, healthy }) => [
      use('success', 0, instance),
      use('empty', 3, healthy),
      denied(table, 3, instance),
      use('wrong use', 2),
    ],
  },
  approve: {
    before: 'asked',
    changes: true,
    uses: ({ instance, healthy }) => [
      use('empty', 3, healthy),
      denied(table, 3, instance),
      use('wrong use', 2),
      use('success', 0, instance),
    ],
  },
  refuse: {
    before: 'asked',
    changes: true,
    uses: ({ instance, healthy }) => [
      use('empty', 3, healthy, '--reason', 'a load test'),
      denied(table, 3, instance, '--reason', 'a load test'),
      use('wrong use', 2, instance),
      use('success', 0, instance, '--reason', 'a load test'),
    ],
  },
  release: {
    before: 'contained',
    changes: true,
    uses: ({ instance, healthy }) => [
      use('empty', 3, healthy, '--yes', '--reason', 'why'),
      use('success', 0, instance, '--dry-run'),
      use('failure', 3, instance),
      use('wrong use', 2, instance, '--only', 'everything'),
      use('success', 0, instance, '--yes', '--reason', 'why'),
    ],
  },
  report: {
    before: 'contained',
    uses: ({ instance }) => [
      use('failure', 2, nobody),
      use('success', 0, instance, '--out', 'case.html'),
      use('wrong use', 2, instance, '--markdown', '--json'),
    ],
  },
  trail: {
    before: 'contained',
    uses: ({ instance }) => [
      // Evidence is not collected here, so there is nothing to hold the tags against.
      use('failure', 3, instance, '--quiet'),
      use('empty', 2, nobody),
      use('wrong use', 2),
    ],
  },
  doctor: {
    before: 'nothing',
    uses: () => [use('wrong use', 2, '--instance', 'web'), denied(['ec2', '*'], 3, '--quiet')],
  },
  evidence: {
    before: 'collected',
    uses: ({ instance, healthy }) => [
      use('success', 0, instance),
      use('success', 0, instance, '--verify'),
      use('empty', 2, healthy),
      denied(store, 3, healthy),
      use('wrong use', 2),
    ],
  },
  'evidence fetch': {
    before: 'collected',
    uses: ({ instance, healthy }) => [
      use('success', 0, instance, 'console-output/console-output.txt', '--out', 'a.txt'),
      use('empty', 2, healthy, 'user-data/user-data.txt', '--out', 'b.txt'),
      denied(store, 3, healthy, 'user-data/user-data.txt', '--out', 'b.txt'),
      use('wrong use', 2, healthy),
    ],
  },
  'evidence analyse': {
    before: 'collected',
    uses: ({ instance, healthy }) => [
      use('success', 0, instance, '--instance', healthy),
      use('empty', 2, healthy, '--instance', healthy),
      denied(store, 3, instance, '--instance', healthy),
      use('wrong use', 2, instance, '--instance', healthy, '--volume', 'all'),
    ],
  },
  'evidence clean': {
    before: 'collected',
    uses: ({ instance, healthy }) => [
      use('failure', 3, instance),
      use('success', 0, instance, '--yes'),
      use('empty', 2, healthy, '--dry-run'),
      denied(store, 3, healthy),
      use('wrong use', 2),
    ],
  },
  'evidence flows': {
    before: 'collected',
    uses: ({ instance, healthy }) => [
      // Shown with flow logs where those are tested: this stack keeps none.
      use('failure', 2, instance),
      use('empty', 2, healthy),
      denied(store, 3, healthy),
      use('wrong use', 2, healthy, '--query', 'everything'),
    ],
  },
  prepare: {
    before: 'nothing',
    uses: () => [
      use('success', 0),
      denied(['ec2', 'DescribeVpcs'], 3),
      use('wrong use', 2, '--region', 'nowhere'),
    ],
  },
  start: {
    before: 'nothing',
    uses: () => [use('empty', 0), denied(['ssm', '*'], 3), use('wrong use', 2, '--stack', 'none')],
  },
  stop: {
    before: 'nothing',
    uses: () => [
      use('success', 0, '--reason', 'false alarms'),
      denied(['ssm', '*'], 3, '--reason', 'false alarms'),
      use('wrong use', 2),
    ],
  },
  completion: {
    before: 'nothing',
    uses: () => [use('success', 0, 'bash'), use('wrong use', 2, 'tcsh')],
  },
};

const below = (parent: Command, before = ''): readonly string[] =>
  parent.commands.flatMap((one) => [
    `${before}${one.name()}`,
    ...below(one, `${before}${one.name()} `),
  ]);

const paths = below(makeProgram(() => {}));

it('every command has a row here, and every row a command', () => {
  expect(Object.keys(rows).toSorted()).toEqual([...paths].toSorted());
});

const opened = async (scene: Scene): Promise<Account> => {
  if (scene === 'asked') {
    const asking = await accounts.open({ parameters: { Mode: 'ask' } });
    await takeIn(asking, findingAbout(asking.world.suspectId));
    await expect
      .poll(async () => (await tableOf(asking).item(asking.world.suspectId))?.status?.S, {
        timeout: 60_000,
      })
      .toBe('asked');
    return asking;
  }
  const account = await accounts.open({ evidence: scene === 'collected' });
  if (scene === 'nothing') return account;
  const { output } = await containByEvent(account);
  if (scene === 'collected') await collected(account, output as CaseReport);
  return account;
};

let there: { readonly scene: Scene; readonly account: Account } | undefined;

/** An account in the state that a row begins with: the one of the row before, where that left it as it was. */
const open = async ({ before, changes }: Row): Promise<Account> => {
  const account = there?.scene === before ? there.account : await opened(before);
  there = changes === true ? undefined : { scene: before, account };
  return account;
};

/** What people paste, and rows of tables, which other programs cut to columns. */
const mayBeLonger =
  /^\s*(?:(?:cordon|aws|npm run|source) |arn:|https:|cases\/|[[{]|\d{8}T\d{4,6}Z-i-\w+[ ,]|CASE |case,)/;

const tooLong = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line.length > 80 && !mayBeLonger.test(line.trimEnd()));

const check = (what: string, { stdout, stderr }: { stdout: string; stderr: string }): void => {
  for (const text of [stdout, stderr]) {
    expect(tooLong(text), what).toEqual([]);
    // No terminal is there, and no crash.
    expect(text, what).not.toContain('\u001b');
    expect(text, what).not.toMatch(/\n\s+at /);
  }
};

/** Runs it, with its output going to a reader who takes a line and leaves. */
const intoHead = ({ emulator }: Account, args: readonly string[]): Promise<number> =>
  new Promise((resolve) => {
    execFile(
      'bash',
      [
        '-c',
        `"$@" 2>/dev/null | head -n 1 >/dev/null; exit "\${PIPESTATUS[0]}"`,
        'bash',
        ...[process.execPath, inProject('dist/cordon.mjs'), ...args],
      ],
      {
        cwd: command.folder(),
        env: { PATH: process.env.PATH, HOME: command.folder(), ...emulator.environment },
      },
      (error) => resolve(typeof error?.code === 'number' ? error.code : 0),
    );
  });

const environment = { TRANSITION_HOLD_SECONDS: '0', USER: 'sam' };

/** Those that begin with the same stand together, and what changes something is the last of them. */
const inOrder = Object.entries(rows).toSorted(
  ([, a], [, b]) =>
    a.before.localeCompare(b.before) || Number(a.changes ?? false) - Number(b.changes ?? false),
);

describe.each(inOrder)('cordon %s', (path, row) => {
  it('shows what came of it in 80 columns, whatever it was', async () => {
    const account = await open(row);
    const { emulator, world } = account;
    const uses = row.uses({ instance: world.suspectId, healthy: world.healthyId });
    for (const one of uses) {
      const args = [...path.split(' '), ...one.args];
      let isDenied = true;
      if (one.denied !== undefined) {
        const [service, action] = one.denied;
        const matches = () => isDenied;
        emulator.traffic.inject({ service, action, kind: 'denied', times: Infinity, matches });
      }
      const { code, shown } = await command.start(emulator, args, environment).ended;
      isDenied = false;
      const what = `${one.kind}: cordon ${args.join(' ')}`;
      expect({ what, code, shown }).toMatchObject({ what, code: one.code });
      // A script is for a shell.
      if (path !== 'completion' || code !== 0) check(what, shown);
      expect(`${shown.stdout}${shown.stderr}`.trim(), what).not.toBe('');
      if (one.kind === 'wrong use') expect(shown.stdout, what).toBe('');
    }
  });

  it('explains itself', async () => {
    const emulator = await sharedEmulator();
    const help = await command.start(emulator, [...path.split(' '), '--help']).ended;
    expect(help).toMatchObject({ code: 0, shown: { stderr: '' } });
    check('help', help.shown);
  });
});

/** What can be done twice with the same end. */
const repeatable = inOrder.filter(([, { before, changes }]) => before === 'nothing' && !changes);

it.each(repeatable)('cordon %s ends as well where its reader leaves', async (path, row) => {
  const account = await open(row);
  const { suspectId: instance, healthyId: healthy } = account.world;
  const [first] = row.uses({ instance, healthy });
  expect(await intoHead(account, [...path.split(' '), ...(first?.args ?? [])])).toBe(first?.code);
});
