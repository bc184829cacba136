import type { Former } from '../former.ts';
import type { Now } from '../now.ts';
import type { Reinforcement } from '../reinforcement.ts';

/** What an undo is computed from: the world before, the world now, and what this run did beyond. */
export interface UndoKnowledge {
  readonly instanceId: string;
  readonly region: string;
  readonly former: Former;
  readonly now: Now;
  /** What this run's reinforcements changed, each with what gives it back. */
  readonly reinforcements?: readonly Reinforcement[];
}
