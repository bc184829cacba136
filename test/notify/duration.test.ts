import { expect, it } from 'vitest';
import { duration } from '../../src/notify/duration.ts';

it.each([
  [0, '0 s'],
  [61.9, '62 s'],
  [2_820, '47 min'],
  [10_800, '3 h'],
  [345_600, '4 days'],
])('says %d seconds as people do', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});
