import type { Deps } from './aws/clients.ts';
import { giveUpAfter } from './aws/deadline.ts';
import { asCordonError } from './aws/errors.ts';
import { AwsUnavailableError } from './case/errors.ts';
import type { StepEntry, StepName, StepResult } from './case/step.ts';
import { entryUnlessStopped, leftOut } from './interruption.ts';
import { failedEntry, timed } from './record.ts';

/** Told of each step as it begins and ends, for whoever looks on. */
export interface Watcher {
  began(step: StepName): void;
  ended(entry: StepEntry): void;
}

/** How a run is accompanied. */
export interface Conduct {
  readonly watcher?: Watcher;
  /** Aborted when the run is to end early: the cut is finished and told, the rest is left out. */
  readonly stop?: AbortSignal;
}

/** How often a step is tried that AWS was too busy for, and the milliseconds in between. */
export interface Tries {
  readonly attempts: number;
  readonly pause: number;
}

/**
 * No try of a step takes longer, in milliseconds: where many calls hang, one after the other, its end
 * must not be kept waiting. A sweep of 500 load balancers at AWS's rates takes half a minute.
 */
const longestTry = 120_000;

const usually: Tries = { attempts: 3, pause: 1_000 };

export interface StepRunner {
  /** Of the steps that have ended, in the order in which they ended. */
  readonly entries: readonly StepEntry[];
  /** Runs a step; what it throws becomes its entry, so that nothing keeps the others. */
  run<Detail extends object>(
    step: StepName,
    work: (attempt: number) => Promise<StepResult<Detail>>,
    tries?: Tries,
  ): Promise<StepEntry<Detail> | StepEntry>;
}

const nobody: Watcher = { began: () => {}, ended: () => {} };

/** Runs the steps of one case in this process, and keeps their entries. */
export const stepRunner = (
  { clock, log }: Deps,
  { watcher = nobody, stop }: Conduct,
): StepRunner => {
  const entries: StepEntry[] = [];
  const record = <Entry extends StepEntry>(entry: Entry): Entry => {
    entries.push(entry);
    watcher.ended(entry);
    return entry;
  };
  return {
    entries,
    run: async (step, work, { attempts, pause } = usually) => {
      const startedAt = clock.now().toISOString();
      const left = leftOut(clock, step, stop);
      if (left !== undefined) return record(left);
      watcher.began(step);
      const attempted = (async () => {
        for (let attempt = 1; ; attempt += 1) {
          try {
            const tried = () => giveUpAfter(clock, longestTry, () => work(attempt));
            return { ...(await timed(clock, step, tried)), startedAt };
          } catch (error) {
            const failure = asCordonError(error, step);
            const { name: code, message } = failure;
            log.error('a step failed', { step, attempt, code, error: message });
            if (!(failure instanceof AwsUnavailableError) || attempt >= attempts) {
              return failedEntry(clock, step, startedAt, failure);
            }
            await clock.sleep(pause);
          }
        }
      })();
      return record(await entryUnlessStopped(clock, step, stop, attempted));
    },
  };
};
