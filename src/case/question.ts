import type { StepEntry } from './step.ts';

/** What happens to an instance where nobody answers in time. */
export const askDefaults = ['contain', 'leave-open'] as const;

export type AskDefault = (typeof askDefaults)[number];

/** What a person is asked before an instance is cut off. */
export interface Question {
  /** Why Cordon asks instead of cutting. */
  readonly reason: string;
  /** How long is waited before the question is repeated, and once more after that; in seconds. */
  readonly halfSeconds: number;
  readonly otherwise: AskDefault;
  /** False: nobody is asked; the evidence is kept of a host that stays open for another reason. */
  readonly asks: boolean;
  /** How the case stands meanwhile, for its trail. */
  readonly status: 'asked' | 'skipped';
}

/** A question that waits for its answer. */
export interface WaitingQuestion {
  /** Until when it can be answered, ISO 8601 in UTC. */
  readonly until: string;
  readonly otherwise: AskDefault;
  /** Present where the case table did not take it: it can only be answered by containing. */
  readonly unanswerable?: true;
  /** The execution that asks people and waits; present where another than it reports. */
  readonly execution?: string;
}

/** The question that waits, where another machine asks it from now on. */
export const askedElsewhere = (
  { halfSeconds, otherwise }: Question,
  execution: string,
  now: Date,
): WaitingQuestion => ({
  until: new Date(now.getTime() + halfSeconds * 2_000).toISOString(),
  otherwise,
  execution,
});

/** How a question about a case ended. */
export interface EndedQuestion {
  /** `overridden`: another finding decided while the question waited, or after a refusal. */
  readonly answer: 'approved' | 'refused' | 'unanswered' | 'overridden';
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Who answered, as the answer says; CloudTrail has who sent it. */
  readonly by?: string;
  readonly reason?: string;
}

/** How long a refusal stands, in milliseconds. */
export const refusalLasts = 3_600_000;

/** The question of an instance, as the settings have it asked. */
export const questionOf = (
  {
    askTimeoutMinutes,
    askDefault,
  }: { readonly askTimeoutMinutes: number; readonly askDefault: AskDefault },
  reason: string,
): Question => ({
  reason,
  halfSeconds: Math.max(1, Math.round(askTimeoutMinutes * 30)),
  otherwise: askDefault,
  asks: true,
  status: 'asked',
});

/** What keeps the evidence of a host that stays open, and asks nobody. */
export const keepingOnly = (reason: string, status: Question['status']): Question => ({
  ...{ reason, status },
  ...{ halfSeconds: 0, otherwise: 'leave-open', asks: false },
});

/** Whether the case may be cut off without being asked about again. */
export const isSettled = (question: EndedQuestion | undefined): boolean =>
  question?.answer === 'approved' || question?.answer === 'unanswered';

/** The question as a step of the case, for the report and the trail. */
export const questionEntry = ({ answer, at, by, reason }: EndedQuestion): StepEntry => ({
  step: 'ask',
  outcome: 'done',
  startedAt: at,
  finishedAt: at,
  detail: { answer, ...(by === undefined ? {} : { by }), ...(reason ? { reason } : {}) },
});
