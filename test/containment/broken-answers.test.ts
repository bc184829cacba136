import { describe, expect, it } from 'vitest';
import { useScene } from './by-hand.ts';
import { expectInvariants, isIsolated, readOriginals } from './invariants.ts';

const scenes = useScene();

const indispensable = [
  'DescribeInstances',
  'DescribeSecurityGroups',
  'CreateSecurityGroup',
  'ModifyNetworkInterfaceAttribute',
] as const;

describe('An answer of AWS that is not whole', () => {
  // fault A8
  it.each(
    indispensable.flatMap((action) => [
      [action, 'empty-answer'] as const,
      [action, 'cut-answer'] as const,
    ]),
  )('of %s is asked for again: %s', async (action, kind) => {
    const scene = await scenes.open();
    const originals = await readOriginals(scene);
    scene.emulator.traffic.inject({ service: 'ec2', action, kind, times: 1 });
    const report = await scene.contain();
    expect(await isIsolated(scene)).toBe(true);
    expect(scene.subjects().join(' ')).not.toContain('NOT CONTAINED');
    await expectInvariants(scene, report, originals);
  });
});
