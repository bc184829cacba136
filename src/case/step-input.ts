import type { Before } from './before.ts';
import type { Case } from './case.ts';

/** What every step after describe is given. */
export interface StepInput {
  readonly case: Case;
  readonly before: Before;
}
