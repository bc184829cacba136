import { expect, it } from 'vitest';
import { inTurns } from '../../src/aws/turns.ts';

it('Work in turns is done at most so many at once, in its order, whatever fails', async () => {
  const turn = inTurns(2);
  let running = 0;
  let most = 0;
  const done: number[] = [];
  const work = (number: number) =>
    turn(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (number === 1) throw new Error('refused');
      done.push(number);
    });
  const settled = await Promise.allSettled([0, 1, 2, 3, 4].map(work));
  expect(settled.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  expect(most).toBe(2);
  expect(done).toEqual([0, 2, 3, 4]);
});
