import { beforeAll, describe, expect, it } from 'vitest';
import { useEmulator } from '../../emulator/test/fixture.ts';
import type { Ending } from './interpreters.ts';
import { runOnBoth, scenarios } from './interpreters.ts';

const aws = useEmulator();

/** Waiting for a time limit takes long; for every function: `npm run campaign -- interpreters`. */
const limits = ['ProtectFunction never answers'];
const atOnce = Object.keys(scenarios).filter((name) => !name.endsWith('never answers'));

// fault T2
describe.each([
  { what: 'whatever its functions answer', names: atOnce, timeoutSeconds: 300 },
  { what: 'where a function never answers', names: limits, timeoutSeconds: 5 },
])('The runbook ends alike on both interpreters $what', ({ names, timeoutSeconds }) => {
  let machine: ReadonlyMap<string, Ending>;
  let hand: ReadonlyMap<string, Ending>;

  beforeAll(async () => {
    await aws.emulator.reset();
    ({ machine, hand } = await runOnBoth(aws, names, timeoutSeconds));
  });

  it.each(names)('%s', (name) => {
    expect(hand.get(name)?.calls).toContain('DescribeFunction');
    expect(hand.get(name)).toEqual(machine.get(name));
  });
});
