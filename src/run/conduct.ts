import type { StepEntry, StepName } from '../case/step.ts';

/** Told of each step as it begins and ends, for whoever looks on. */
export interface Watcher {
  began(step: StepName): void;
  ended(entry: StepEntry): void;
}

/** How a run in this process is accompanied. */
export interface Conduct {
  readonly watcher?: Watcher;
  /** Aborted when the run is to end early: the cut is finished and told, the rest is left out. */
  readonly stop?: AbortSignal;
  /** Milliseconds before a state is repeated, instead of those that the state machine says. */
  readonly retryPause?: number;
}
