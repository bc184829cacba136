import type { Clock } from '../aws/clock.ts';
import { interruptedCode, interruptedSteps, notBegun, notDone } from '../case/interrupted.ts';
import type { CaseReport } from '../case/report.ts';
import type { StepEntry, StepName } from '../case/step.ts';

/**
 * What a run still does when it is asked to end: it finds out what to cut, cuts, and tells. The
 * detach belongs to the cut: health checks fail from the cut on, and the group would terminate the
 * evidence (https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html).
 */
const stepsOfTheCut: ReadonlySet<StepName> = new Set([
  'describe',
  'prepare-isolation',
  'detach-auto-scaling',
  'isolate-network',
  'notify',
]);

/** How long a step that was under way may still take once the run is asked to end, in milliseconds. */
const graceOfLesserSteps = 3_000;

/** The entry of a step that is not begun any more; undefined where the step is to run. */
export const leftOut = (
  clock: Clock,
  step: StepName,
  stop: AbortSignal | undefined,
): StepEntry | undefined => {
  if (stop?.aborted !== true || stepsOfTheCut.has(step)) return undefined;
  const at = clock.now().toISOString();
  return { step, outcome: 'skipped', startedAt: at, finishedAt: at, detail: { because: notBegun } };
};

const underWay = (clock: Clock, step: StepName, startedAt: string): StepEntry => ({
  step,
  outcome: 'failed',
  startedAt,
  finishedAt: clock.now().toISOString(),
  detail: {},
  error: {
    code: interruptedCode,
    message:
      'The run was interrupted while this step was under way: what it did is not known. Run it again to finish.',
  },
});

/** Settles when the signal aborts; never after `over` has. */
const abortOf = (stop: AbortSignal, over: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });

/**
 * The entry of a step that runs, or, once the run is asked to end and the step does not belong to
 * the cut, an entry that says so after a few seconds. The step itself is not cancelled: what it has
 * sent is on its way to AWS.
 */
export const entryUnlessStopped = async (
  clock: Clock,
  step: StepName,
  stop: AbortSignal | undefined,
  running: Promise<StepEntry>,
): Promise<StepEntry> => {
  if (stop === undefined || stepsOfTheCut.has(step)) return running;
  const startedAt = clock.now().toISOString();
  const over = new AbortController();
  const stopped = abortOf(stop, over.signal)
    .then(() => clock.sleep(graceOfLesserSteps, over.signal))
    .then(() => underWay(clock, step, startedAt));
  try {
    return await Promise.race([running, stopped]);
  } finally {
    over.abort();
  }
};

/** The report of a run that was asked to end: its reason says what is missing. */
export const withInterruption = (report: CaseReport): CaseReport => {
  if (interruptedSteps(report).length === 0) return report;
  const stands =
    report.isolatedAt === undefined ? report.reason : 'Every network interface is isolated.';
  return {
    ...report,
    reason: `${stands} ${notDone(report)}`,
  };
};
