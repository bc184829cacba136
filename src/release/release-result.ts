import type { Inverse } from '../case/undo/inverse.ts';

/**
 * How a release ended. `contained`: only a part was asked for, and the case stays open. `closed`: nothing
 * was given back, because the instance is gone, or because a person says so.
 */
export type ReleaseStatus = 'released' | 'closed' | 'release-incomplete' | 'contained' | 'planned';

export interface ReleaseResult {
  readonly status: ReleaseStatus;
  readonly caseId: string;
  readonly instanceId: string;
  /** One sentence. */
  readonly reason: string;
  /** What was given back, in order. */
  readonly done: readonly Inverse[];
  /** What is still as the case has it. */
  readonly remaining: readonly Inverse[];
  /** What a person decided to leave, and what cannot be as it was, in words. */
  readonly notAsBefore: readonly string[];
}
