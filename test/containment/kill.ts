import { expect } from 'vitest';
import { ensureBuilt } from '../../build/ensure-built.ts';
import { readTemplate } from '../../emulator/deploy/template.ts';
import { functionCode } from '../../emulator/lambda/function-code.ts';
import { startFunctionThread } from '../../emulator/lambda/function-thread.ts';
import type { CallParams } from '../../emulator/proxy/traffic.ts';
import type { Scene } from './by-hand.ts';
import { expectInvariants, isIsolated, readOriginals } from './invariants.ts';

const actionOf = (params: CallParams): string =>
  params instanceof URLSearchParams ? (params.get('Action') ?? '') : '';

/** A call that changes the world. */
export const isChange = (action: string): boolean =>
  /^(?:Create|Modify|Authorize|Revoke|Detach|Deregister|Publish)/.test(action);

/**
 * Runs the runbook in a thread that is killed before its call number `survived + 1` of those that
 * change something; that call never reaches AWS. Then a second run, by somebody else.
 */
export const expectToSurviveKill = async (scene: Scene, survived: number): Promise<void> => {
  const { emulator, world } = scene;
  const originals = await readOriginals(scene);
  await ensureBuilt();
  const thread = startFunctionThread({
    ...functionCode(readTemplate(), 'ContainFunction'),
    environment: {
      ...emulator.environment,
      AWS_SAM_LOCAL: 'true',
      TRANSITION_HOLD_SECONDS: '0',
    },
    onOutput: (stream) => stream.resume(),
  });
  let changes = 0;
  emulator.traffic.inject({
    service: '*',
    action: '*',
    kind: 'connection-reset',
    times: Number.POSITIVE_INFINITY,
    matches: (params) => {
      if (!isChange(actionOf(params))) return changes > survived;
      changes += 1;
      if (changes > survived) void thread.stop();
      return changes > survived;
    },
  });
  await thread.invoke({ instanceId: world.suspectId });
  await thread.stop();
  emulator.traffic.clearFaults();
  emulator.traffic.clear();
  const report = await scene.contain();
  expect(await isIsolated(scene), 'isolated').toBe(true);
  expect(['contained', 'partial']).toContain(report.status);
  expect(scene.subjects().length, 'messages').toBeGreaterThan(0);
  await expectInvariants(scene, report, originals);
};
