import type { Change } from '../../aws/change.ts';
import type { Clients, Deps } from '../../aws/clients.ts';
import type { Reinforcement, ReinforcementName } from '../../case/reinforcement.ts';
import type { ResidualRisk } from '../../case/risk.ts';
import type { Inverse } from '../../case/undo/inverse.ts';

export type ReinforceDeps = Deps<Extract<keyof Clients, 'ec2' | 'iam'>>;

/** One change beyond the groups, with what must be remembered before it is made. */
export interface Action {
  readonly cut: ReinforcementName;
  readonly change: Change;
  readonly what: string;
  /** What gives it back. */
  readonly undo: readonly Inverse[];
  /** The before-state, in tags of the thing that is changed. */
  readonly remember?: {
    readonly resourceId: string;
    /** Undefined: more than a tag can hold; it is in the log alone. */
    readonly tags: Readonly<Record<string, string | undefined>>;
  };
  /** Best effort: where AWS does not allow it, nobody has to be told. */
  readonly quiet?: boolean;
}

/** What one further cut comes down to here. */
export interface Plan {
  readonly actions: readonly Action[];
  /** What needs no change, or must not be changed. */
  readonly remarks: readonly Reinforcement[];
  readonly risks: readonly ResidualRisk[];
}

export const nothing = (
  cut: ReinforcementName,
  outcome: Reinforcement['outcome'],
  resource: string,
  what: string,
): Plan => ({ actions: [], remarks: [{ cut, outcome, resource, what, undo: [] }], risks: [] });
