import type { Clock } from './aws/clock.ts';
import { asCordonError } from './aws/errors.ts';
import type { CordonError } from './case/errors.ts';
import type { StepEntry, StepName, StepResult } from './case/step.ts';

/** What is being done while a step runs, for error messages. */
const doing = (step: StepName): string => `The step ${step}`;

/**
 * Runs a step and dates its result.
 *
 * @throws CordonError always one with a literal name, whatever the step threw.
 */
export const timed = async <Detail extends object>(
  clock: Clock,
  step: StepName,
  run: () => Promise<StepResult<Detail>>,
): Promise<StepEntry<Detail>> => {
  const startedAt = clock.now().toISOString();
  try {
    const { outcome, detail } = await run();
    return { step, outcome, startedAt, finishedAt: clock.now().toISOString(), detail };
  } catch (error) {
    throw asCordonError(error, doing(step));
  }
};

/** The entry of a step that threw. */
export const failedEntry = (
  clock: Clock,
  step: StepName,
  startedAt: string,
  error: CordonError,
): StepEntry => ({
  step,
  outcome: 'failed',
  startedAt,
  finishedAt: clock.now().toISOString(),
  detail: {},
  error: { code: error.name, message: error.message },
});
