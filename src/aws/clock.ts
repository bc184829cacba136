import { setTimeout as wait } from 'node:timers/promises';

/** Time, passed in so that tests need not wait. */
export interface Clock {
  now(): Date;
  /** Waits for a number of milliseconds, or until the signal says that nobody waits any more. */
  sleep(milliseconds: number, until?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, until) => {
    try {
      await wait(milliseconds, undefined, until === undefined ? {} : { signal: until });
    } catch (error) {
      if (until?.aborted !== true) throw error;
    }
  },
};

/** Waits for something, but not longer than a number of milliseconds. */
export const waitAtMost = async (
  clock: Clock,
  milliseconds: number,
  something: Promise<unknown>,
): Promise<void> => {
  const over = new AbortController();
  await Promise.race([something, clock.sleep(milliseconds, over.signal)]);
  over.abort();
};
