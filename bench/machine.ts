import { setTimeout } from 'node:timers/promises';
import { StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
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

/**
 * Milliseconds to the answer of the last change of groups, from the moment at which the run began: for
 * the machine, that at which StartExecution was answered.
 */
const toTheCut = async (
  emulator: Emulator,
  contain: (begins: () => void) => Promise<unknown>,
): Promise<number> => {
  emulator.traffic.clear();
  emulator.traffic.latency(addedMilliseconds);
  let began = performance.now();
  await contain(() => {
    began = performance.now();
  });
  emulator.traffic.latency(0);
  const cuts = emulator.traffic.calls.filter(isCut);
  return Math.max(...cuts.map(({ endedAt }) => endedAt)) - began;
};

const containByMachine = async (
  { accountId, region, traffic }: Emulator,
  clients: WorldClients,
  { stateMachineArn }: Stage,
  instanceId: string,
  begins: () => void,
): Promise<void> => {
  const caseId = exactCaseIdFor(instanceId, new Date());
  const { executionArn = '' } = await clients.stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn,
      name: caseId,
      input: JSON.stringify({ caseId, instanceId, accountId, region, dryRun: false }),
    }),
  );
  begins();
  // Two interfaces, each through the transition group.
  while (traffic.calls.filter(isCut).length < 4) await setTimeout(20);
  await clients.stepFunctions.send(new StopExecutionCommand({ executionArn }));
};

interface Laboratory {
  readonly clients: WorldClients;
  readonly world: SampleWorld;
  readonly stage: Stage;
}

/** A world whose groups are ready, with the functions loaded, as after the first case. */
const prepare = async (emulator: Emulator): Promise<Laboratory> => {
  await emulator.reset();
  await emulator.timing({ snapshotSeconds: 0, drainingSeconds: 0 });
  const clients = worldClients(emulator);
  const world = await buildSampleWorld(emulator, clients);
  const parameters = { TransitionHoldSeconds: '0' };
  const stage = await setStage(emulator, { parameters, warm: true });
  await containByHand(emulator, world.healthyId);
  return { clients, world, stage };
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/**
 * The state machine against the same runbook in this process, warm. What Step Functions and Lambda
 * cost in AWS is not in it; what the emulator's engine costs is.
 */
export const benchMachine = async (): Promise<readonly string[]> => {
  const emulator = await startEmulator();
  Object.assign(process.env, emulator.environment);
  const machine: number[] = [];
  const hand: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const one = await prepare(emulator);
      machine.push(
        await toTheCut(emulator, (begins) =>
          containByMachine(emulator, one.clients, one.stage, one.world.suspectId, begins),
        ),
      );
      await one.stage.stop();
      const other = await prepare(emulator);
      hand.push(await toTheCut(emulator, () => containByHand(emulator, other.world.suspectId)));
      await other.stage.stop();
    }
  } finally {
    await emulator.stop();
  }
  const [byMachine, byHand] = [median(machine), median(hand)];
  return [
    `state machine ${byMachine.toFixed(0)} ms, in process ${byHand.toFixed(0)} ms (medians of ${rounds}): ${(byMachine / byHand).toFixed(2)} times`,
  ];
};
