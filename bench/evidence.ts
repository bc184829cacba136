import { startEmulator } from '../emulator/emulator.ts';
import type { Way } from './machine.ts';
import { containByMachine, cutByMachine, median, prepare, toTheCut } from './machine.ts';

const rounds = 5;

/** Every kind of evidence that a stack can opt into. */
const everything = {
  FlowLogs: 'true',
  MirrorTargetId: 'tmt-0123456789abcdef0',
  SnapshotLock: 'governance',
  ForensicAccountId: '444455556666',
  ToolkitSnapshotId: 'snap-0123456789abcdef0',
};

const nothing = {};

/**
 * The state machine to the cut, with every kind of evidence switched on and with none, in turns, so that a
 * machine that grows slower meets both alike.
 */
export const benchEvidence = async (): Promise<readonly string[]> => {
  const emulator = await startEmulator();
  Object.assign(process.env, emulator.environment);
  const ways = { on: [] as Way[], off: [] as Way[] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [which, parameters] of [
        ['on', everything],
        ['off', nothing],
      ] as const) {
        const one = await prepare(emulator, parameters);
        await containByMachine(emulator, one, one.world.healthyId);
        const way = await toTheCut(emulator, (begins) =>
          cutByMachine(emulator, one, one.world.suspectId, begins),
        );
        ways[which].push(way);
        await one.stage.stop();
      }
    }
  } finally {
    await emulator.stop();
  }
  const [on, off] = [ways.on, ways.off].map((all) => median(all.map((one) => one.sinceBegun)));
  return [
    `to the cut: with everything ${on?.toFixed(0)} ms, with nothing ${off?.toFixed(0)} ms (medians of ${rounds}): ${((on ?? 0) / (off ?? 1)).toFixed(2)} times`,
  ];
};
