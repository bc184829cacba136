import type { ControlName } from '../case/control.ts';
import type { ResidualRisk } from '../case/risk.ts';
import type { Inverse, Phase } from '../case/undo/inverse.ts';
import type { UndoKnowledge } from '../case/undo/knowledge.ts';

/**
 * Something that Cordon changes and can give back. Everything that is known of it without AWS stands
 * here; what it changes for one instance stands in `plan.ts` beside it.
 */
export interface Action {
  readonly name: string;
  /** The part of a release that gives it back. */
  readonly phase: Phase;
  /** What it takes to change it. */
  readonly permissions: readonly string[];
  /** What it takes to give it back, beside what every release may do. */
  readonly releasePermissions: readonly string[];
  /** What is read back to see whether it holds; none: nothing is announced of it but what AWS accepted. */
  readonly controls: readonly ControlName[];
  /** What gives it back, from what is remembered and what is to be seen, whichever run has done it. */
  readonly inverses: (knowledge: UndoKnowledge) => readonly Inverse[];
}

/** What is left of a risk when the reinforcement that closes it was accepted; never nothing. */
export interface Rest {
  /** The risk while the reinforcement is not done. */
  readonly of: string;
  readonly rest: ResidualRisk;
}

/** An action that cuts what no security group cuts. The template grants it only where it is opted into. */
export interface ReinforcingAction extends Action {
  /** The environment variable that opts into it; without one it is always done. */
  readonly optIn?: string;
  /** True: it would harm a server that goes on serving. */
  readonly notWhileServing?: boolean;
  /**
   * True: it waits until the trail is written and sealed, because calls may be scarce before. What was
   * before is written with the rest, before the cut.
   */
  readonly last?: boolean;
  /** True: an agent on the host does it, with the credentials of the instance. */
  readonly usesAgent?: true;
  /** True: it takes these credentials away, so it waits until what needs them has ended. */
  readonly takesCredentials?: true;
  /** What it leaves of a risk that it closes. */
  readonly rest?: Rest;
}
