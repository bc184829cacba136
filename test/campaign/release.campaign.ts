import { expect, it } from 'vitest';
import { useScene } from '../containment/by-hand.ts';
import { giveBack, giveBackUntil, stateOf } from '../containment/release-scene.ts';

/** A release that is refused everything after each of its changes, and is run again. A minute. */

const scenes = useScene();

it('goes on where it was interrupted at any of its changes, and ends as one run would', async () => {
  const first = await scenes.open();
  await first.contain();
  const all = (await giveBackUntil(first, Number.POSITIVE_INFINITY)).done.length;
  for (let survived = 0; survived < all; survived += 1) {
    const scene = await scenes.open();
    const before = await stateOf(scene);
    await scene.contain();
    const broken = await giveBackUntil(scene, survived);
    expect(broken.status).toBe('release-incomplete');
    expect(broken.done).toHaveLength(survived);
    expect((await giveBack(scene)).status).toBe('released');
    expect(await stateOf(scene), `after ${survived} changes`).toEqual(before);
  }
  console.log(`interrupted after each of ${all} changes`);
});
