import type { Clock } from '../aws/clock.ts';
import { asCordonError } from '../aws/errors.ts';
import type { Log } from '../aws/log.ts';
import type { CordonError } from '../case/errors.ts';
import {
  AwsUnavailableError,
  NotificationRefusedError,
  UnintelligibleEventError,
} from '../case/errors.ts';
import type { StepEntry, StepName, StepResult } from '../case/step.ts';

/** The entry of a step that failed. */
export const failedEntry = (
  clock: Clock,
  step: StepName,
  startedAt: string,
  { name: code, message }: Pick<CordonError, 'name' | 'message'>,
): StepEntry => ({
  step,
  outcome: 'failed',
  startedAt,
  finishedAt: clock.now().toISOString(),
  detail: {},
  error: { code, message },
});

/**
 * What is no result of a step: the state machine repeats what may pass, and an event that cannot be
 * read was put in by somebody, who is answered with the error.
 */
const isThrown = (error: CordonError): boolean =>
  error instanceof AwsUnavailableError ||
  error instanceof NotificationRefusedError ||
  error instanceof UnintelligibleEventError;

/**
 * Runs a step and dates its result. A failure that is final is a result too, and the log has it.
 *
 * @throws AwsUnavailableError, NotificationRefusedError where a repetition may succeed.
 * @throws UnintelligibleEventError for an event that cannot be read.
 */
export const runStep = async (
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  step: StepName,
  work: () => Promise<StepResult<object>>,
): Promise<StepEntry> => {
  const startedAt = clock.now().toISOString();
  try {
    const { outcome, detail } = await work();
    return { step, outcome, startedAt, finishedAt: clock.now().toISOString(), detail };
  } catch (thrown) {
    const error = asCordonError(thrown, `The step ${step}`);
    if (isThrown(error)) throw error;
    log.error('a step failed', {
      step,
      code: error.name,
      error: error.message,
      stack: error.stack,
    });
    return failedEntry(clock, step, startedAt, error);
  }
};
