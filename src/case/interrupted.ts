import type { StepEntry, StepName } from './step.ts';

/** The error of a step that was under way when its run was asked to end. */
export const interruptedCode = 'InterruptedError';

/** Why a step was skipped that had not begun then. */
export const notBegun = 'The run was interrupted before this step.';

interface Told {
  readonly steps: readonly StepEntry[];
}

const wasLeftOut = ({ outcome, detail, error }: StepEntry): boolean =>
  error?.code === interruptedCode ||
  (outcome === 'skipped' && 'because' in detail && detail.because === notBegun);

/** Steps that an interruption kept from their end, in the order of the report. */
export const interruptedSteps = ({ steps }: Told): readonly StepName[] =>
  steps.filter(wasLeftOut).map(({ step }) => step);

/** What an interruption left out, in words; nothing where there was none. */
export const notDone = (report: Told): string => {
  const missing = interruptedSteps(report);
  return missing.length === 0
    ? ''
    : `The run was interrupted; not done: ${missing.join(', ')}. Run it again to finish.`;
};
