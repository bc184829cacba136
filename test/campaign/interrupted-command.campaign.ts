import { expect, it } from 'vitest';
import { useScene } from '../containment/by-hand.ts';
import { useCommand } from '../containment/command.ts';
import {
  callsOfContain,
  endingSignals,
  expectFinishedCut,
  interruptAt,
} from '../containment/command-interruptions.ts';

/** `cordon contain` interrupted by each signal at each of its AWS calls. Many minutes. */

const scenes = useScene();
const command = useCommand();

// fault O5
it.each(endingSignals)('%s at any call leaves it isolated, and says so', async (signal) => {
  const calls = await callsOfContain(command, await scenes.open());
  const broken: string[] = [];
  for (let at = 1; at <= calls; at += 1) {
    const scene = await scenes.open();
    try {
      await expectFinishedCut(scene, await interruptAt(command, scene, signal, at));
    } catch (error) {
      broken.push(`at call ${at}: ${error instanceof Error ? error.message : error}`);
    }
  }
  console.log(`${signal}: interrupted at each of ${calls} calls`);
  expect(broken).toEqual([]);
});
