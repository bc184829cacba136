import { describe, expect, it } from 'vitest';
import { useScene } from './by-hand.ts';
import type { HangingCall } from './hanging.ts';
import { changesGroups, measureHanging } from './hanging.ts';
import { isIsolated } from './invariants.ts';

/** A sample of `npm run campaign`, which does this for every call and measures the seconds. */

const scenes = useScene();

/** Longer than it ever takes: what counts here is what becomes of it, not when. */
const longest = 100;

const hanging = (action: string, matches?: HangingCall['fault']['matches']): HangingCall => ({
  name: action,
  fault: { service: '*', action, ...(matches === undefined ? {} : { matches }) },
  indispensable: false,
});

describe('When AWS never answers a lesser call', () => {
  // fault A7
  it.each(['CreateTags', 'DescribeNetworkInterfaces', 'DescribeAutoScalingInstances'])(
    'the cut is made all the same, and told: %s',
    async (action) => {
      const scene = await scenes.open();
      const { subject } = await measureHanging(
        scene.emulator,
        hanging(action),
        () => scene.contain(),
        longest,
      );
      expect(subject).toContain('[Cordon] ISOLATED');
      expect(await isIsolated(scene)).toBe(true);
    },
  );
});

describe('When AWS never answers an indispensable call', () => {
  // fault A7
  it.each([
    hanging('DescribeInstances'),
    hanging('ModifyNetworkInterfaceAttribute', (params) =>
      changesGroups({ action: 'ModifyNetworkInterfaceAttribute', params }),
    ),
  ])('somebody is told that the instance is open: $name', async (call) => {
    const scene = await scenes.open();
    const { subject } = await measureHanging(scene.emulator, call, () => scene.contain(), longest);
    expect(subject).toContain('NOT CONTAINED');
  });
});
