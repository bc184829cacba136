import * as z from 'zod/mini';
import type { StepEntry, StepName } from '../case/step.ts';
import type { Batch } from '../record/journal/batch.ts';
import { carriedBatches, withoutJournal } from './carried-journal.ts';
import { leftReinforcements } from './left-reinforcements.ts';

/** The key of what is left to reinforce at the end, in the state machine. */
const left = 'left';

/** The steps, by the key under which the state machine keeps the result of each. */
const stepsByKey: Readonly<Record<string, StepName>> = {
  describe: 'describe',
  prepare: 'prepare-isolation',
  isolate: 'isolate-network',
  reinforce: 'reinforce-cut',
  detach: 'detach-auto-scaling',
  deregister: 'deregister-load-balancers',
  protect: 'protect',
  snapshot: 'snapshot',
  evidence: 'collect-evidence',
  verify: 'verify',
  tag: 'tag',
  [left]: 'reinforce-cut',
  notify: 'notify',
  check: 'check-snapshots',
};

/** The keys under which results of several steps lie, and the step that failed where there is none. */
const groupsByKey: Readonly<Record<string, StepName>> = {
  contain: 'isolate-network',
  cut: 'isolate-network',
};

/** The result of a step, as far as it must be one. */
export const entrySchema = z.looseObject({
  step: z.string(),
  outcome: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  detail: z.looseObject({}),
});

/** What a state leaves in place of a result when its function gave none. */
const failureSchema = z.object({ Error: z.string(), Cause: z.optional(z.string()) });

/**
 * A function that threw or did not answer has said no time: it is dated by who reads of it.
 */
const entryOf = (step: StepName, value: unknown, now: Date): readonly StepEntry[] => {
  const entry = entrySchema.safeParse(value);
  if (entry.success) return [entry.data as unknown as StepEntry];
  const failure = failureSchema.safeParse(value);
  if (!failure.success) return [];
  const at = now.toISOString();
  const { Error: code, Cause: message = '' } = failure.data;
  const error = { code, message };
  return [{ step, outcome: 'failed', startedAt: at, finishedAt: at, detail: {}, error }];
};

/** A run's own order: of two entries of one step the later says how it ended. */
const order: readonly string[] = [
  ...['describe', 'prepare', 'contain', 'cut'],
  ...Object.keys(stepsByKey).filter((key) => key !== 'describe' && key !== 'prepare'),
];

const placeOf = (key: string): number => order.indexOf(key);

const entriesUnder = (key: string, value: unknown, now: Date): readonly StepEntry[] => {
  const step = stepsByKey[key];
  if (step !== undefined) return entryOf(step, value, now);
  const group = groupsByKey[key];
  if (group === undefined) return [];
  return failureSchema.safeParse(value).success
    ? entryOf(group, value, now)
    : resultsIn(value, now);
};

/** The results of the steps as the state has them, in the order of the runbook. */
const resultsIn = (run: unknown, now: Date): readonly StepEntry[] => {
  if (typeof run !== 'object' || run === null) return [];
  const entries: StepEntry[] = [];
  const inOrder = Object.entries(run).toSorted(([a], [b]) => placeOf(a) - placeOf(b));
  for (const [key, value] of inOrder) {
    const its = entriesUnder(key, value, now);
    entries.push(...(key === left ? its.map((one) => leftReinforcements(entries, one)) : its));
  }
  return entries;
};

/** The entries of the steps in the state of a run of the state machine, in the order of the runbook. */
export const runEntries = (run: unknown, now: Date): readonly StepEntry[] =>
  resultsIn(run, now).map(withoutJournal);

/** What the steps of a run have noted, as far as their results carry it. */
export const runBatches = (run: unknown, now: Date): readonly Batch[] =>
  resultsIn(run, now).flatMap(carriedBatches);
