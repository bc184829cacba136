import type { Before } from '../case/before.ts';
import type { Case } from '../case/case.ts';

/** What every step after describe is given. */
export interface StepInput {
  readonly case: Case;
  readonly before: Before;
}
