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
