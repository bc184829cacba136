import type { Clock } from './clock.ts';

/** How many calls may be made at once, and how many a second from then on. */
export interface Pace {
  readonly burst: number;
  readonly perSecond: number;
}

/** AWS adds to its buckets once a second, so that what waits may as well go together. */
const refilledEvery = 1_000;

/** Waits until so many further calls are within the pace, as a bucket of tokens would allow them. */
export const keepPace = (
  clock: Clock,
  { burst, perSecond }: Pace,
): ((calls: number) => Promise<void>) => {
  // The moment at which all that was let through would have been made, at the steady rate.
  let paidUntil = 0;
  return async (calls) => {
    const now = clock.now().getTime();
    paidUntil =
      Math.max(paidUntil, now - (burst / perSecond) * 1_000) + (calls / perSecond) * 1_000;
    const early = paidUntil - now;
    if (early > 0) await clock.sleep(Math.ceil(paidUntil / refilledEvery) * refilledEvery - now);
  };
};
