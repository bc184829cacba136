import type { Before } from '../case/before.ts';
import type { Case } from '../case/case.ts';

/** What every step after describe is given. */
export interface StepInput {
  readonly case: Case;
  readonly before: Before;
  /** How often the step has run before in this case; what an earlier run saw only the log has. */
  readonly attempt?: number;
}
