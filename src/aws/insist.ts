import { AwsUnavailableError } from '../case/errors.ts';
import type { Clock } from './clock.ts';
import { giveUpAfter, isOutOfTime } from './deadline.ts';
import { isUnavailable } from './errors.ts';

/** How long one try may take, and all of them together, in milliseconds. */
export interface Patience {
  readonly each: number;
  readonly all: number;
}

/** Between two tries, in milliseconds; throttled calls wait longer, inside the SDK. */
const pause = 300;

/** True when the same may succeed in a moment, by AWS's own error or by Cordon's. */
export const isPassing = (error: unknown): boolean =>
  error instanceof AwsUnavailableError || isUnavailable(error);

/**
 * Does what is indispensable, again and again while it fails for a passing reason: one try that is
 * never answered must not cost the time of all.
 *
 * @throws what the last try threw, when it was final or the time is up.
 */
export const insist = <Result>(
  clock: Clock,
  { each, all }: Patience,
  work: () => Promise<Result>,
  passes: (error: unknown) => boolean = isPassing,
): Promise<Result> =>
  giveUpAfter(clock, all, async () => {
    for (;;) {
      try {
        return await giveUpAfter(clock, each, work);
      } catch (error) {
        if (!passes(error) || isOutOfTime()) throw error;
        await clock.sleep(pause);
      }
    }
  });
