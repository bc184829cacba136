/** The steps of the runbook, in the order in which a person would tell them. */
export const stepNames = [
  'describe',
  'ask',
  'tag',
  'detach-auto-scaling',
  'deregister-load-balancers',
  'prepare-isolation',
  'isolate-network',
  'reinforce-cut',
  'protect',
  'snapshot',
  'check-snapshots',
  'collect-evidence',
  'acquire-memory',
  'verify',
  'notify',
] as const;

export type StepName = (typeof stepNames)[number];

/**
 * How a step ended. `already`: the world was as the step wants it before it came;
 * `not-applicable`: AWS has nothing to do here (no group, no volume, not allowed for Spot);
 * `planned`: a dry run; `skipped`: not run because an earlier step made it pointless.
 */
export type Outcome = 'done' | 'already' | 'skipped' | 'not-applicable' | 'planned' | 'failed';

export interface StepError {
  /** The literal name of the error, as Step Functions matches it in `ErrorEquals`. */
  readonly code: string;
  readonly message: string;
}

/** One line of the case's history: what a step did, when (ISO 8601, UTC), with what result. */
export interface StepEntry<Detail = object> {
  readonly step: StepName;
  readonly outcome: Outcome;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly detail: Detail;
  readonly error?: StepError;
}

/** What a step returns; the runbook adds its name and the times. */
export interface StepResult<Detail = object> {
  readonly outcome: Exclude<Outcome, 'failed'>;
  readonly detail: Detail;
}
