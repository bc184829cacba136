import type { Clock } from './clock.ts';

/** As the SDK names a request that was given up. */
class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * What a call answers, if it answers within so many milliseconds. A call that does not is given up
 * with all its retries, and may take effect all the same.
 *
 * @throws what the call throws; a TimeoutError, which counts as unavailable, when it is given up.
 */
export const tryWithin = async <Answer>(
  clock: Clock,
  milliseconds: number,
  call: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> => {
  const givenUp = new AbortController();
  const answered = new AbortController();
  const calling = call(givenUp.signal);
  const timeout = async (): Promise<never> => {
    await clock.sleep(milliseconds, answered.signal);
    throw new TimeoutError(`no answer within ${milliseconds / 1_000} s`);
  };
  try {
    return await Promise.race([calling, timeout()]);
  } finally {
    answered.abort();
    givenUp.abort();
    // Nobody listens any more.
    calling.catch(() => {});
  }
};
