import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import type { Word } from '../../src/case/command.ts';
import { cordonCommand } from '../../src/case/cordon-command.ts';
import { isolateCommands } from '../../src/case/isolate-commands.ts';
import { stopCommands } from '../../src/case/last-resort.ts';
import { groupSuspended } from '../../src/case/risks/auto-scaling.ts';
import { trunkInterfaces } from '../../src/case/risks/connections.ts';
import { refreshMayReplace } from '../../src/case/risks/root-volume.ts';
import { sideDoorRisks } from '../../src/case/risks/side-doors.ts';
import { standingRisks } from '../../src/case/risks/standing.ts';
import { terminationUnderWay } from '../../src/case/risks/termination.ts';
import { undoSteps } from '../../src/case/undo/undo-steps.ts';
import { analysisText } from '../../src/evidence/analysis/analysis-text.ts';
import { livingMessage } from '../../src/notify/living-message.ts';
import { notReadyMessage } from '../../src/notify/not-ready-message.ts';
import { reviewMessage } from '../../src/notify/review-message.ts';
import { stopMessage } from '../../src/notify/stop-message.ts';
import { nextOf } from '../../src/status/words.ts';
import { anyText } from './any-text.ts';
import { wordsInShell } from './run-shell.ts';
import {
  beforeWith,
  instanceWith,
  interfaceWith,
  membershipWith,
  volumeWith,
} from './sample-before.ts';

const made = vi.hoisted(() => ({ commands: [] as { words: readonly Word[]; line: string }[] }));

// Every command is what it was, and is written down with the words that were meant.
vi.mock('../../src/case/command.ts', async (original) => {
  const real = await original<typeof import('../../src/case/command.ts')>();
  return {
    ...real,
    command: (words: readonly Word[]) => {
      const line = real.command(words);
      made.commands.push({ words, line });
      return line;
    },
  };
});

/** An instance of which somebody else has written everything. */
const hostile = (text: string) =>
  beforeWith({
    instance: instanceWith({
      id: text,
      region: text,
      instanceProfileArn: `arn:aws:iam::1:instance-profile/${text}`,
      metadataTags: true,
      networkInterfaces: [
        interfaceWith({ id: text, vpcId: text, subnetId: text, publicAddresses: ['203.0.113.9'] }),
      ],
      volumes: [volumeWith({ id: text, device: text })],
    }),
  });

/** What gives everything back that Cordon can change, of a host of which others wrote everything. */
const undoOfEverything = (text: string, lifecycleState: string): string => {
  const registration = { targetGroupArn: text, targetId: text, port: 1, viaAutoScaling: false };
  return undoSteps({
    instanceId: text,
    region: text,
    former: {
      protection: { termination: false, stop: false, shutdownBehavior: 'terminate' },
      metadataService: 'enabled',
      instanceProfileArn: text,
      membership: membershipWith({ groupName: text, protectedFromScaleIn: true }),
      suspendedProcesses: [text],
      targets: [{ ...registration, zone: text }],
      loadBalancers: [text],
      interfaces: {
        [text]: {
          groups: [text],
          idleTimeouts: { tcpEstablished: 350 },
          addresses: [{ allocationId: text, privateAddress: text }, { automatic: text }],
        },
      },
      volumes: [volumeWith({ id: text, device: text, deleteOnTermination: true })],
    },
    now: {
      protection: {},
      metadataService: 'disabled',
      interfaces: { [text]: { groupIds: ['sg-1'], publicAddresses: [] } },
      volumes: {},
      lifecycleState,
      denies: [{ aclId: text, number: 97, egress: true }],
      revocations: [{ roleName: text, policyName: text }],
      flowLogs: [{ id: text, interfaceId: text }],
    },
  });
};

beforeEach(() => {
  made.commands.length = 0;
});

const sure = (text: string) => hostile(text).instance;

/** Every module that prints commands, each made to print them with a text of somebody else. */
const printers: Readonly<Record<string, (text: string) => unknown>> = {
  'src/case/cordon-command.ts': (text) =>
    cordonCommand('verify', { instanceId: text, region: text }),
  'src/case/isolate-commands.ts': (text) => [
    isolateCommands({ instanceId: text, region: text, before: hostile(text), prepared: undefined }),
    isolateCommands({ instanceId: text, region: text, before: undefined, prepared: undefined }),
  ],
  'src/case/last-resort.ts': (text) => stopCommands({ id: text, region: text }),
  'src/case/risks/auto-scaling.ts': (text) => groupSuspended(text, [text], [text], [text]),
  'src/case/risks/connections.ts': (text) => trunkInterfaces([text], text),
  'src/case/risks/root-volume.ts': (text) => refreshMayReplace(text),
  'src/case/risks/side-doors.ts': () =>
    sideDoorRisks({ systemsManager: [], instanceConnect: [], serialConsole: true, unread: [] }),
  'src/case/risks/standing.ts': (text) => standingRisks(sure(text)),
  'src/case/risks/termination.ts': (text) => terminationUnderWay(text, text, 'Terminating:Wait'),
  'src/case/undo': (text) => [
    undoOfEverything(text, 'Detached'),
    undoOfEverything(text, 'Standby'),
  ],
  'src/notify/review-message.ts': (text) =>
    reviewMessage({
      ...{ instanceId: text, caseId: text, region: text, status: text, unseenSeconds: 90_000 },
      ownership: { owner: text, takenAt: text, reviewAt: text },
    }).Message,
  'src/status/words.ts': (text) =>
    ['asked', 'releasing', 'contained'].map((status) =>
      nextOf({
        ...{ instanceId: text, caseId: text, region: text, openedAt: text },
        ...{ status, isOpen: true },
      }),
    ),
  'src/evidence/analysis/analysis-text.ts': (text) => {
    const ids = { volumeId: 'vol-0a', snapshotId: 'snap-0a', originalId: 'vol-0b', device: text };
    const size = { sizeGib: 8, encrypted: true, deleteOnTermination: false };
    return analysisText(
      { accountId: text, region: text, instanceId: text, caseId: text },
      { instanceId: text, zone: text, isWindows: false, rootDevice: text, devices: [] },
      { volumes: [{ ...ids, ...size, outcome: 'done' }], open: [] },
    );
  },
  'src/notify/living-message.ts': (text) =>
    livingMessage({
      ...{ caseId: text, accountId: text, region: text, instance: sure(text), interfaceId: text },
      ...{ peer: text, connection: text, bytes: 1, from: text, until: text },
      denies: [
        {
          aclId: text,
          entry: { number: 99, egress: true, allow: false, protocol: '-1', cidr: text },
        },
      ],
    }).Message,
  'src/notify/not-ready-message.ts': (text) =>
    notReadyMessage([{ vpcId: text, error: text }], text).Message,
  'src/notify/stop-message.ts': (text) =>
    stopMessage(
      {
        kind: 'stopped',
        stop: { since: new Date(0), until: new Date(0), who: text, reason: text },
      },
      { stackName: text, region: text },
    ),
};

/** Modules whose commands have words of the same kinds, and that cannot be made to print alone. */
const alike = ['cli/stop-command.ts', 'src/notify/unread.ts', 'src/steps/snapshot.ts'];

/** The undo prints its commands together, whichever of its modules makes them. */
const printerOf = (module: string): string =>
  module.startsWith('src/case/undo/') || module.endsWith('/give-back.ts')
    ? 'src/case/undo'
    : module;

const modules: readonly string[] = ['src', 'cli'].flatMap((folder) =>
  readdirSync(inProject(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
);

const sourceOf = (module: string): string => readFileSync(inProject(module), 'utf8');

/** No argument of a program can hold NUL or half a character. */
const asPassed = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

describe('the commands that Cordon prints', () => {
  // fault A4
  // threat D9
  it.each(Object.entries(printers))(
    'of %s reach the shell as they were meant',
    async (_, print) => {
      const texts = fc.sample(anyText({ minLength: 1, maxLength: 20 }), 12);
      for (const text of [...texts, '$(touch x)\'`id`"\n-x']) {
        await print(text);
      }
      const { commands } = made;
      expect(commands.length).toBeGreaterThan(0);
      for (const { line } of commands) expect(line).toMatch(/^[\x20-\x7e]+$/);
      // What a command asks another one for is empty here: no program is found.
      const meant = commands.map(({ words }) =>
        words.map((word) => (typeof word === 'string' ? asPassed(word) : '')),
      );
      expect(wordsInShell(commands.map(({ line }) => line))).toEqual(meant);
    },
  );

  it('are made in modules that are all known here', () => {
    const making = modules.filter((one) =>
      /\bcommand\(\s*\[|\bcommand\(stop\)|^\s*command\(/m.test(sourceOf(one)),
    );
    const known = new Set([...Object.keys(printers), ...alike]);
    const found = new Set(making.filter((one) => one !== 'src/case/command.ts').map(printerOf));
    expect([...found].toSorted()).toEqual([...known].toSorted());
  });

  // fault A4
  it('are made of words, never of a text with places for them', () => {
    const assembled =
      /`[^`]*\b(?:aws [a-z0-9-]+ [a-z]+-[a-z-]+|cordon (?:contain|verify) (?!--isolation))[^`]*\$\{/;
    const offending = modules.filter((one) =>
      sourceOf(one)
        .split('\n')
        .some((line) => assembled.test(line)),
    );
    expect(offending).toEqual([]);
  });
});
