import { describe, expect, it } from 'vitest';
import { useScene } from '../containment/by-hand.ts';
import type { HappyCall } from '../containment/faults.ts';
import { expectToSurvive, happyCalls, troubles } from '../containment/faults.ts';
import { expectToSurviveKill, isChange } from '../containment/kill.ts';

/** Every call of the happy path goes wrong in every way; a kill before every change. Minutes. */

const scenes = useScene();

describe.each(troubles)('$kind', (trouble) => {
  it('of any call leaves the instance isolated, the report honest, and somebody told', async () => {
    const calls = await happyCalls(await scenes.open());
    expect(calls.length).toBeGreaterThan(20);
    const broken: string[] = [];
    for (const call of calls) {
      try {
        await expectToSurvive(await scenes.open(), call, trouble);
      } catch (error) {
        const name = ({ service, action }: HappyCall) => `${service} ${action}`;
        broken.push(`${name(call)}: ${error instanceof Error ? error.message : error}`);
      }
    }
    expect(broken).toEqual([]);
  });
});

describe('A kill', () => {
  it('before any change leaves what a second run can finish', async () => {
    const scene = await scenes.open();
    await scene.contain();
    const changes = scene.emulator.traffic.calls.filter(({ action }) => isChange(action)).length;
    const broken: string[] = [];
    for (let survived = 0; survived < changes; survived += 1) {
      try {
        await expectToSurviveKill(await scenes.open(), survived);
      } catch (error) {
        broken.push(`after ${survived}: ${error instanceof Error ? error.message : error}`);
      }
    }
    expect(broken).toEqual([]);
  });
});
