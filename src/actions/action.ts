import type { ResidualRisk } from '../case/risk.ts';
import type { Inverse } from '../case/undo/inverse.ts';
import type { UndoKnowledge } from '../case/undo/knowledge.ts';

/** What is left of a risk when the action that closes it was accepted; never nothing. */
export interface Rest {
  /** The risk while the action is not done. */
  readonly of: string;
  readonly rest: ResidualRisk;
}

/**
 * Something that Cordon changes beyond the groups, because no security group cuts it. Everything that
 * is known of it without AWS stands here; how it is planned stands in `plan.ts` beside it.
 */
export interface Action {
  readonly name: string;
  /** The environment variable that opts into it; without one it is always done. */
  readonly optIn?: string;
  /** True: it would harm a server that goes on serving. */
  readonly notWhileServing?: boolean;
  /** What it takes to do it; the template grants that only where it is opted into. */
  readonly permissions: readonly string[];
  /** What it takes to give it back, beside what every release may do. */
  readonly releasePermissions: readonly string[];
  /** What it leaves of a risk that it closes. */
  readonly rest?: Rest;
  /** What gives it back, from what is remembered and what is to be seen, whichever run has done it. */
  readonly inverses: (knowledge: UndoKnowledge) => readonly Inverse[];
}
