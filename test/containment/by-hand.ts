import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll } from 'vitest';
import type { Emulator } from '../../emulator/emulator.ts';
import { publishedMessages } from '../../emulator/follow/published.ts';
import { sharedEmulator } from '../../emulator/test/shared-moto.ts';
import type { SampleWorld, WorldOptions } from '../../emulator/world/sample-world.ts';
import { buildSampleWorld } from '../../emulator/world/sample-world.ts';
import type { WorldClients } from '../../emulator/world/world-clients.ts';
import { worldClients } from '../../emulator/world/world-clients.ts';
import type { Deps } from '../../src/aws/clients.ts';
import type { Clock } from '../../src/aws/clock.ts';
import { systemClock } from '../../src/aws/clock.ts';
import type { Log } from '../../src/aws/log.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { containEvent } from '../../src/contain-event.ts';
import { makeDriftClients } from '../../src/lambda/drift-clients.ts';
import { makeRunbookClients } from '../../src/lambda/runbook-clients.ts';
import { fileJournal } from '../../src/record/journal/file-journal.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { verifyCase } from '../../src/verify-case.ts';
import { drift } from '../../src/watch/drift.ts';
import { parseDriftEvent } from '../../src/watch/event.ts';
import type { DriftResult } from '../../src/watch/result.ts';

/** A world in the emulator, and the runbook in this process against it: quicker than a stack. */
export interface Scene {
  readonly emulator: Emulator;
  readonly clients: WorldClients;
  readonly world: SampleWorld;
  /** Where this machine keeps its journal (`XDG_STATE_HOME`). */
  readonly stateHome: string;
  readonly log: readonly { message: string; fields: Readonly<Record<string, unknown>> }[];
  /** Runs the runbook on an instance, the suspect unless another is named. */
  contain(instanceId?: string, event?: Readonly<Record<string, unknown>>): Promise<CaseReport>;
  /** Reads an instance back, the suspect unless another is named. */
  verify(instanceId?: string): Promise<CaseReport>;
  /** What the drift function does with an event, with settings beside those of the scene. */
  drift(event: unknown, settings?: Readonly<Record<string, string>>): Promise<DriftResult>;
  /** The subjects of the messages that were sent. */
  subjects(): readonly string[];
  /** Time, settings, log and journal of a run by hand. */
  deps(): Deps;
}

/**
 * Waits a twentieth of what it is asked to: what is waited for here is the emulator. A deadline, which
 * ends with a signal, keeps its length: a busy machine must not let it pass.
 */
const hastyClock: Clock = {
  now: systemClock.now,
  sleep: (milliseconds, until) =>
    systemClock.sleep(until === undefined ? milliseconds / 20 : milliseconds, until),
};

/** Connections are kept for the next call: hundreds of scenes would use up what a process may open. */
export const closeClients = (clients: Readonly<Record<string, { destroy(): void }>>): void => {
  for (const client of Object.values(clients)) client.destroy();
};

/** Each scene starts empty, on the emulator of this worker. */
export const useScene = (): {
  open(options?: WorldOptions, settings?: Readonly<Record<string, string>>): Promise<Scene>;
} => {
  let emulator: Emulator | undefined;
  const saved = { ...process.env };
  const folders: string[] = [];
  let opened: WorldClients | undefined;
  beforeAll(async () => {
    emulator = await sharedEmulator();
    Object.assign(process.env, emulator.environment);
  });
  afterAll(async () => {
    for (const name of Object.keys(process.env)) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });
  return {
    open: async (options = {}, settings = {}) => {
      if (emulator === undefined) throw new Error('The emulator has not started');
      const here = emulator;
      await here.reset();
      await here.timing({ drainingSeconds: 600, snapshotSeconds: 600 });
      if (opened !== undefined) closeClients({ ...opened });
      const clients = worldClients(here);
      opened = clients;
      const world = await buildSampleWorld(here, clients, options);
      const { TopicArn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: 'cordon' }));
      here.traffic.clear();
      const lines: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
      const write = (message: string, fields: Record<string, unknown> = {}) => {
        lines.push({ message, fields });
      };
      const log: Log = { info: write, warn: write, error: write };
      const read = (more: Readonly<Record<string, string>> = {}) =>
        readSettings({
          MODE: 'contain',
          TRANSITION_HOLD_SECONDS: '0',
          NOTIFICATION_TOPIC_ARN: TopicArn,
          ...settings,
          ...more,
        });
      const stateHome = await mkdtemp(join(tmpdir(), 'cordon-state-'));
      folders.push(stateHome);
      const journal = fileJournal(join(stateHome, 'cordon'), systemClock.now);
      const watching = (more: Readonly<Record<string, string>> = {}) => ({
        clients: makeDriftClients(log),
        clock: hastyClock,
        log,
        settings: read(more).settings,
        region: here.region,
        stateMachineArn: '',
        stopSwitch: { stackName: '', checkMinutes: 15, stands: async () => undefined },
        openInTable: async () => new Map<string, string>(),
      });
      return {
        emulator: here,
        clients,
        world,
        stateHome,
        log: lines,
        verify: (instanceId = world.suspectId) =>
          verifyCase({ ...watching(), journal }, { instanceId }, here.region),
        drift: (event, more) => drift(watching(more), parseDriftEvent(event)),
        contain: async (instanceId = world.suspectId, event = {}) => {
          const made = makeRunbookClients(log);
          const { cases } = await containEvent(
            { clients: made, clock: hastyClock, log, journal },
            read(),
            { region: here.region },
            { instanceId, ...event },
            { retryPause: 50 },
          ).finally(() => closeClients(made));
          const report = cases[0];
          if (report === undefined) throw new Error('There was no case');
          return report;
        },
        subjects: () => publishedMessages(here.traffic).map(({ subject }) => subject),
        deps: () => ({ clients: {}, clock: hastyClock, log, settings: read().settings, journal }),
      };
    },
  };
};
