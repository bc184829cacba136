import type { Before } from './before.ts';
import { defined } from './defined.ts';
import type { DescribeDetail } from './details.ts';
import type { StepEntry } from './step.ts';
import { stepNames } from './step.ts';

/** One entry per step, in the runbook's order; a later one of a step says how it ended. */
export const latestOf = (steps: readonly StepEntry[]): readonly StepEntry[] =>
  [...new Map(steps.map((entry) => [entry.step, entry])).values()].toSorted(
    (a, b) => stepNames.indexOf(a.step) - stepNames.indexOf(b.step),
  );

/** What of the world before goes into the report; tags stay out, they may hold anything. */
const summaryOf = ({ instance, autoScaling, repeat, readAt }: Before) => {
  const { tags: _tags, networkInterfaces, volumes, ...rest } = instance;
  return {
    instance: {
      ...rest,
      networkInterfaces: networkInterfaces.map(({ cordonTags: _of, ...one }) => one),
      volumes: volumes.map(({ cordonTags: _of, ...one }) => one),
    },
    autoScaling,
    repeat,
    readAt,
  };
};

export const withoutBefore = (entry: StepEntry): StepEntry => {
  if (entry.step !== 'describe') return entry;
  const detail = entry.detail as Partial<DescribeDetail>;
  if (detail.before === undefined) return entry;
  const { before, forensicPath } = detail;
  return { ...entry, detail: { before: summaryOf(before), ...defined({ forensicPath }) } };
};

/** Lambda's cause is JSON with the message inside; a time-out's is empty. */
export const readableError = (entry: StepEntry): StepEntry => {
  if (entry.error === undefined) return entry;
  const { code, message } = entry.error;
  try {
    const cause: unknown = JSON.parse(message);
    if (typeof cause === 'object' && cause !== null && 'errorMessage' in cause) {
      return { ...entry, error: { code, message: String(cause.errorMessage) } };
    }
  } catch {
    // Not JSON: the message is readable as it is.
  }
  return message === '' ? { ...entry, error: { code, message: `${code}, without words.` } } : entry;
};
