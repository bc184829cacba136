import { describe, expect, it } from 'vitest';
import { useScene } from '../containment/by-hand.ts';
import { expectSameMemory, happyPath, mishaps } from '../containment/second-run.ts';

/**
 * After every mutating call of the recorded happy path something befalls the first run; a second run
 * then remembers, and would undo, what one clean run does. Minutes.
 */

const scenes = useScene();

describe.each(Object.entries(mishaps))('A first run that is %s', (mishap, befall) => {
  // fault B1
  // fault B2
  // fault A3
  it('leaves to the second what was before, field by field', async () => {
    const clean = await happyPath(await scenes.open());
    console.log(`${clean.calls.length} mutating calls: ${clean.calls.join(' ')}`);
    const broken: string[] = [];
    for (let calls = 1; calls <= clean.calls.length; calls += 1) {
      const scene = await scenes.open();
      await befall(scene, calls);
      try {
        await expectSameMemory(scene, clean.memory);
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        broken.push(`${mishap} ${calls} (${clean.calls[calls - 1]}): ${words}`);
      }
    }
    console.log(`${mishap}: ${clean.calls.length} runs, ${broken.length} broken`);
    expect(broken).toEqual([]);
  });
});
