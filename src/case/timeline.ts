/** Kinds of events in the story of a case. */
export type TimelineKind =
  | 'finding'
  | 'decision'
  | 'step'
  | 'cut'
  | 'change'
  | 'call'
  | 'status'
  | 'message'
  | 'drift'
  | 'release';

/** One event of the story of a case, wherever it was read. */
export interface TimelineEvent {
  readonly kind: TimelineKind;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** When it ended; absent for what has no duration. */
  readonly until?: string;
  /** One line in words; what came from outside is quoted in it. */
  readonly what: string;
  /** The step of the runbook, where it is one. */
  readonly step?: string;
  /** An ARN, or a name. */
  readonly by?: string;
  readonly outcome?: string;
  readonly requestId?: string;
  /** Where it was read. */
  readonly sources: readonly ('tags' | 'record')[];
}
