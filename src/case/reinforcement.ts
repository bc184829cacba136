import type { ReinforcementName } from '../actions/index.ts';
import type { Vouched } from './details.ts';
import type { ResidualRisk } from './risk.ts';
import type { Inverse } from './undo/inverse.ts';

/** One further cut as it went. */
export interface Reinforcement {
  readonly cut: ReinforcementName;
  readonly outcome: 'done' | 'already' | 'not-applicable' | 'failed';
  /** The interface, network ACL, address or role that it is about. */
  readonly resource: string;
  /** What was done or why it was not, in words. */
  readonly what: string;
  /** What gives it back; nothing where nothing was changed. */
  readonly undo: readonly Inverse[];
}

/** What the step that cuts further tells of it. */
export interface ReinforceDetail extends Vouched {
  readonly reinforcements: readonly Reinforcement[];
  readonly risks: readonly ResidualRisk[];
}
