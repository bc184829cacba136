import { expect, it } from 'vitest';
import { useEmulator } from '../../emulator/test/fixture.ts';
import { runOnBoth, scenarios } from '../containment/interpreters.ts';

/** The runbook with each function in turn that never answers, on both interpreters. A minute. */

const aws = useEmulator();

it('ends alike on both interpreters, whichever function never answers', async () => {
  const names = Object.keys(scenarios).filter((name) => name.endsWith('never answers'));
  const { machine, hand } = await runOnBoth(aws, names, 10);
  expect(names.length).toBeGreaterThan(10);
  expect(Object.fromEntries(hand)).toEqual(Object.fromEntries(machine));
});
