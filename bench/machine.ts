import { setTimeout } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Stage } from '../emulator/deploy/stage.ts';
import { setStage } from '../emulator/deploy/stage.ts';
import type { Emulator } from '../emulator/emulator.ts';
import { startEmulator } from '../emulator/emulator.ts';
import type { SampleWorld } from '../emulator/world/sample-world.ts';
import { buildSampleWorld } from '../emulator/world/sample-world.ts';
import type { WorldClients } from '../emulator/world/world-clients.ts';
import { worldClients } from '../emulator/world/world-clients.ts';
import { exactCaseIdFor } from '../src/case/case.ts';
import { containByHand, isCut } from './cut.ts';

const addedMilliseconds = 150;
const rounds = 3;

/** Milliseconds to the answer of the last change of groups. */
export interface Way {
  /** From the call that asks for the run: StartExecution for the machine. */
  readonly sinceAsked: number;
  /** From the moment at which the run began: for the machine, when StartExecution was answered. */
  readonly sinceBegun: number;
}

export const toTheCut = async (
  emulator: Emulator,
  contain: (begins: () => void) => Promise<unknown>,
): Promise<Way> => {
  emulator.traffic.clear();
  emulator.traffic.latency(addedMilliseconds);
  const asked = performance.now();
  let began = asked;
  await contain(() => {
    began = performance.now();
  });
  emulator.traffic.latency(0);
  const cuts = emulator.traffic.calls.filter(isCut);
  const cutAt = Math.max(...cuts.map(({ endedAt }) => endedAt));
  return { sinceAsked: cutAt - asked, sinceBegun: cutAt - began };
};

export interface Laboratory {
  readonly clients: WorldClients;
  readonly world: SampleWorld;
  readonly stage: Stage;
}

/** Starts the machine on one instance and answers with the execution. */
const start = async (
  { accountId, region }: Emulator,
  { clients, stage }: Laboratory,
  instanceId: string,
): Promise<string> => {
  const caseId = exactCaseIdFor(instanceId, new Date());
  const { executionArn = '' } = await clients.stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: stage.stateMachineArn,
      name: caseId,
      input: JSON.stringify({ caseId, instanceId, accountId, region, dryRun: false }),
    }),
  );
  return executionArn;
};

/** The machine from beginning to end, so that each of its functions has served a case. */
export const containByMachine = async (
  emulator: Emulator,
  laboratory: Laboratory,
  instanceId: string,
): Promise<void> => {
  const executionArn = await start(emulator, laboratory, instanceId);
  const describe = new DescribeExecutionCommand({ executionArn });
  const { stepFunctions } = laboratory.clients;
  while ((await stepFunctions.send(describe)).status === 'RUNNING') await setTimeout(100);
};

/** The machine until both interfaces are cut, each through the transition group. */
export const cutByMachine = async (
  emulator: Emulator,
  laboratory: Laboratory,
  instanceId: string,
  begins: () => void,
): Promise<void> => {
  const executionArn = await start(emulator, laboratory, instanceId);
  begins();
  while (emulator.traffic.calls.filter(isCut).length < 4) await setTimeout(20);
  await laboratory.clients.stepFunctions.send(new StopExecutionCommand({ executionArn }));
};

/** The sample world and the stack in it, with the functions loaded. */
export const prepare = async (
  emulator: Emulator,
  more: Readonly<Record<string, string>> = {},
): Promise<Laboratory> => {
  await emulator.reset();
  await emulator.timing({ snapshotSeconds: 0, drainingSeconds: 0 });
  const clients = worldClients(emulator);
  const world = await buildSampleWorld(emulator, clients);
  const parameters = { TransitionHoldSeconds: '0', ...more };
  const stage = await setStage(emulator, { parameters, warm: true });
  return { clients, world, stage };
};

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/**
 * The state machine against the same runbook in this process, each after a first case of its own, which
 * leaves the groups ready and what served it warm. What Step Functions and Lambda
 * cost in AWS is not in it; what the emulator's engine costs is.
 */
export const benchMachine = async (): Promise<readonly string[]> => {
  const emulator = await startEmulator();
  Object.assign(process.env, emulator.environment);
  const machine: Way[] = [];
  const hand: Way[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const one = await prepare(emulator);
      await containByMachine(emulator, one, one.world.healthyId);
      machine.push(
        await toTheCut(emulator, (begins) =>
          cutByMachine(emulator, one, one.world.suspectId, begins),
        ),
      );
      await one.stage.stop();
      const other = await prepare(emulator);
      await containByHand(emulator, other.world.healthyId);
      hand.push(await toTheCut(emulator, () => containByHand(emulator, other.world.suspectId)));
      await other.stage.stop();
    }
  } finally {
    await emulator.stop();
  }
  const byHand = median(hand.map(({ sinceBegun }) => sinceBegun));
  const line = (what: string, byMachine: number): string =>
    `${what}: state machine ${byMachine.toFixed(0)} ms, in process ${byHand.toFixed(0)} ms (medians of ${rounds}): ${(byMachine / byHand).toFixed(2)} times`;
  return [
    line('from the answer of StartExecution', median(machine.map(({ sinceBegun }) => sinceBegun))),
    line('with StartExecution', median(machine.map(({ sinceAsked }) => sinceAsked))),
  ];
};
