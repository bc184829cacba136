import { stale } from './keys.ts';
import type { Tags } from './tags.ts';

/** The values under a numbered prefix (`cordon:before:tg:`), in the order of their numbers. */
export const readNumbered = (tags: Tags, prefix: string): readonly string[] =>
  Object.entries(tags)
    .filter(([key, value]) => key.startsWith(prefix) && value !== stale)
    .map(([key, value]) => [Number(key.slice(prefix.length)), value] as const)
    .filter(([number]) => Number.isInteger(number) && number > 0)
    .toSorted(([a], [b]) => a - b)
    .map(([, value]) => value);

/** Tags for the values that are not there yet, each under the next number that is free. */
export const numberMissing = (present: Tags, prefix: string, values: readonly string[]): Tags => {
  const there = new Set(readNumbered(present, prefix));
  const added: Record<string, string> = {};
  let number = 1;
  for (const value of new Set(values)) {
    if (there.has(value)) continue;
    while ((present[`${prefix}${number}`] ?? stale) !== stale) number += 1;
    added[`${prefix}${number}`] = value;
    number += 1;
  }
  return added;
};
