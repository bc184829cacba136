import { afterAll, afterEach, beforeAll } from 'vitest';
import { enforcePolicies } from '../../emulator/deploy/enforce-policies.ts';
import type { Stage, StageOptions } from '../../emulator/deploy/stage.ts';
import { setStage } from '../../emulator/deploy/stage.ts';
import type { Emulator } from '../../emulator/emulator.ts';
import { putEvent } from '../../emulator/follow/event-bridge.ts';
import type { EndedExecution } from '../../emulator/follow/execution.ts';
import { awaitExecution, followExecution } from '../../emulator/follow/execution.ts';
import { sampleEvent } from '../../emulator/follow/finding.ts';
import { publishedMessages } from '../../emulator/follow/published.ts';
import { sharedEmulator } from '../../emulator/test/shared-moto.ts';
import type { SampleWorld, WorldOptions } from '../../emulator/world/sample-world.ts';
import { buildSampleWorld } from '../../emulator/world/sample-world.ts';
import type { WorldClients } from '../../emulator/world/world-clients.ts';
import { worldClients } from '../../emulator/world/world-clients.ts';
import type { CaseReport } from '../../src/case/report.ts';

/** An account with a suspect in it, and Cordon deployed. */
export interface Account {
  readonly emulator: Emulator;
  readonly clients: WorldClients;
  readonly world: SampleWorld;
  readonly stage: Stage;
  /** What the functions wrote to their log, line by line. */
  readonly log: readonly string[];
}

/** Parameters that keep a test from waiting. */
const quick = { TransitionHoldSeconds: '0' };

export interface AccountOptions
  extends Pick<StageOptions, 'parameters' | 'warm' | 'hasty' | 'evidence'> {
  /** Logical id of a function → the only actions that it may call; without, everything. */
  readonly grants?: Readonly<Record<string, readonly string[]>>;
  /** What the suspect stands in; the sample world unless something else is said. */
  readonly world?: WorldOptions;
  /** Makes what is there before the stack, and gives the parameters that name it. */
  readonly before?: (clients: WorldClients, world: SampleWorld) => Promise<Record<string, string>>;
}

/**
 * `open` empties the emulator of this worker, builds the sample world and deploys the template. Evidence beside
 * snapshots is collected only where the file says so: the others are about the case, and it takes their time.
 */
export const useAccount = ({
  evidence = false,
  stays = false,
}: Pick<StageOptions, 'evidence'> & {
  /** Whether the stack stays from one test of the file to the next. */
  readonly stays?: boolean;
} = {}): {
  open(options?: AccountOptions): Promise<Account>;
} => {
  let emulator: Emulator | undefined;
  let stage: Stage | undefined;
  beforeAll(async () => {
    emulator = await sharedEmulator();
  });
  (stays ? afterAll : afterEach)(async () => {
    await stage?.stop();
    stage = undefined;
  });
  return {
    open: async (options = {}) => {
      if (emulator === undefined) throw new Error('The emulator has not started');
      await stage?.stop();
      await emulator.reset();
      await emulator.timing({ snapshotSeconds: 0, drainingSeconds: 60 });
      const clients = worldClients(emulator);
      const world = await buildSampleWorld(emulator, clients, options.world);
      const named = (await options.before?.(clients, world)) ?? {};
      const log: string[] = [];
      const credentials =
        options.grants === undefined ? {} : await enforcePolicies(emulator, options.grants);
      stage = await setStage(emulator, {
        credentials,
        parameters: { ...quick, ...options.parameters, ...named },
        onLog: (line) => log.push(line),
        hasty: options.hasty ?? true,
        keepLoaded: true,
        evidence: options.evidence ?? evidence,
        warm: options.warm ?? false,
      });
      emulator.traffic.clear();
      return { emulator, clients, world, stage, log };
    },
  };
};

/** Sends an event of `events/` about the suspect, and follows the case to its end. */
export const containByEvent = async (
  { emulator, clients, world, stage }: Account,
  name = 'guardduty-command-and-control',
): Promise<EndedExecution> => {
  await putEvent(emulator, sampleEvent(name, world.suspectId, new Date()));
  return followExecution(clients, await awaitExecution(clients, stage.stateMachineArn));
};

/** The reports that the topic's programs were sent, in their order. */
export const toldReports = ({ emulator }: Account): readonly CaseReport[] =>
  publishedMessages(emulator.traffic).flatMap(({ report }) =>
    report === undefined ? [] : [report as CaseReport],
  );

export const subjects = ({ emulator }: Account): readonly string[] =>
  publishedMessages(emulator.traffic).map(({ subject }) => subject);

/** The outcome of each step of a report. */
export const outcomes = (report: CaseReport): Record<string, string> =>
  Object.fromEntries(report.steps.map(({ step, outcome }) => [step, outcome]));
