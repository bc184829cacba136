import { expect, it } from 'vitest';
import { useScene } from '../containment/by-hand.ts';
import { expectToGoOn, giveBackUntil } from '../containment/release-scene.ts';

/** A release that is refused everything after each of its changes, and is run again. A minute. */

const scenes = useScene();

it('goes on where it was interrupted at any of its changes, and ends as one run would', async () => {
  const first = await scenes.open();
  await first.contain();
  const all = (await giveBackUntil(first, Number.POSITIVE_INFINITY)).done.length;
  for (let survived = 0; survived < all; survived += 1) {
    await expectToGoOn(await scenes.open(), survived);
  }
  expect(all).toBeGreaterThan(10);
  console.log(`interrupted after each of ${all} changes`);
});
