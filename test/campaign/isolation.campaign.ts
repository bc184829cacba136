import { describe, expect, it } from 'vitest';
import { useScene } from '../containment/by-hand.ts';
import {
  callsToIsolation,
  expectToSurviveDenial,
  expectToSurviveKillAt,
  expectToSurviveThrottling,
  profiles,
} from '../containment/interruptions.ts';

/** Something goes wrong between any two calls of the isolation, under every profile. Minutes. */

const scenes = useScene();

const interruptions = {
  throttling: expectToSurviveThrottling,
  denial: expectToSurviveDenial,
  'a kill': expectToSurviveKillAt,
};

describe.each(Object.entries(profiles))('Under the profile %s', (_, settings) => {
  it.each(Object.entries(interruptions))(
    '%s between any two calls leaves it isolated, or rings the alarm',
    async (_name, survive) => {
      const calls = await callsToIsolation(await scenes.open({}, settings));
      expect(calls).toBeGreaterThan(8);
      const broken: string[] = [];
      for (let from = 0; from <= calls; from += 1) {
        try {
          await survive(await scenes.open({}, settings), from, settings);
        } catch (error) {
          broken.push(`before call ${from + 1}: ${error instanceof Error ? error.message : error}`);
        }
      }
      expect(broken).toEqual([]);
    },
  );
});
