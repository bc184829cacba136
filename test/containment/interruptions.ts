import { expect } from 'vitest';
import { ensureBuilt } from '../../build/ensure-built.ts';
import { readTemplate } from '../../emulator/deploy/template.ts';
import { functionCode } from '../../emulator/lambda/function-code.ts';
import { startFunctionThread } from '../../emulator/lambda/function-thread.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Scene } from './by-hand.ts';
import type { Originals } from './invariants.ts';
import { expectInvariants, isIsolated, readOriginals } from './invariants.ts';
import { groupNamesOf } from './world-state.ts';

/** The settings of each profile. */
export const profiles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  full: {},
  forensic: { ISOLATION_PROFILE: 'forensic', FORENSIC_CIDRS: '203.0.113.0/24' },
  'egress-lockdown': { ISOLATION_PROFILE: 'egress-lockdown' },
};

/** How many calls of EC2 there are until the last interface is where it belongs. */
export const callsToIsolation = async (scene: Scene): Promise<number> => {
  await scene.contain();
  const calls = scene.emulator.traffic.calls.filter(({ service }) => service === 'ec2');
  const last = calls.findLastIndex(
    ({ action, params }) =>
      action === 'ModifyNetworkInterfaceAttribute' && String(params).includes('SecurityGroupId'),
  );
  return last + 1;
};

const openNames = ['cordon-transition'];

/** Nobody is left open in silence: isolated, or a message that somebody has to act on. */
const expectNoSilence = async (
  scene: Scene,
  report: CaseReport,
  originals: Originals,
): Promise<void> => {
  const isolated = await isIsolated(scene);
  if (!isolated) {
    expect(['failed', 'asked'], 'the status of what is open').toContain(report.status);
    expect(scene.subjects().join('\n'), 'the alert').toContain('NOT CONTAINED');
  }
  await expectInvariants(scene, report, originals);
};

/** From call number `from` on EC2 throttles the next ten calls. */
export const expectToSurviveThrottling = async (scene: Scene, from: number): Promise<void> => {
  const originals = await readOriginals(scene);
  let seen = 0;
  scene.emulator.traffic.inject({
    service: 'ec2',
    action: '*',
    kind: 'throttle',
    times: 10,
    matches: () => {
      seen += 1;
      return seen > from;
    },
  });
  const report = await scene.contain();
  scene.emulator.traffic.clearFaults();
  expect(await isIsolated(scene), 'isolated').toBe(true);
  await expectNoSilence(scene, report, originals);
};

/** From call number `from` on EC2 denies everything: somebody has taken the permissions away. */
export const expectToSurviveDenial = async (scene: Scene, from: number): Promise<void> => {
  const originals = await readOriginals(scene);
  let seen = 0;
  scene.emulator.traffic.inject({
    service: 'ec2',
    action: '*',
    kind: 'denied',
    times: Number.POSITIVE_INFINITY,
    matches: () => {
      seen += 1;
      return seen > from;
    },
  });
  const report = await scene.contain();
  scene.emulator.traffic.clearFaults();
  await expectNoSilence(scene, report, originals);
};

/**
 * The process is killed before call number `from + 1`. What it left open the watch finds; then a
 * second run finishes.
 */
export const expectToSurviveKillAt = async (
  scene: Scene,
  from: number,
  settings: Readonly<Record<string, string>>,
): Promise<void> => {
  const { emulator, world } = scene;
  const originals = await readOriginals(scene);
  await ensureBuilt();
  const thread = startFunctionThread({
    ...functionCode(readTemplate(), 'ContainFunction'),
    environment: {
      ...emulator.environment,
      ...settings,
      AWS_SAM_LOCAL: 'true',
      TRANSITION_HOLD_SECONDS: '0',
    },
    onOutput: (stream) => stream.resume(),
  });
  let seen = 0;
  emulator.traffic.inject({
    service: '*',
    action: '*',
    kind: 'connection-reset',
    times: Number.POSITIVE_INFINITY,
    matches: () => {
      seen += 1;
      if (seen > from) void thread.stop();
      return seen > from;
    },
  });
  await thread.invoke({ instanceId: world.suspectId });
  await thread.stop();
  emulator.traffic.clearFaults();
  emulator.traffic.clear();
  await scene.drift({ drift: 'transition' });
  const names = (await groupNamesOf(scene, world.suspectId)).flat();
  expect(
    names.filter((name) => openNames.includes(name)),
    'left open',
  ).toEqual([]);
  const report = await scene.contain();
  expect(await isIsolated(scene), 'isolated').toBe(true);
  await expectNoSilence(scene, report, originals);
};
