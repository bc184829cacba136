import type { Change } from '../aws/change.ts';
import type { Clients, Deps } from '../aws/clients.ts';
import type { Reinforcement } from '../case/reinforcement.ts';
import type { ResidualRisk } from '../case/risk.ts';
import type { Inverse } from '../case/undo/inverse.ts';
import type { StepInput } from '../steps/step-input.ts';
import type { ActionName } from './index.ts';

export type ActionDeps = Deps<Extract<keyof Clients, 'ec2' | 'iam'>>;

/** Works out what an action comes down to for one instance; nothing is changed. */
export type Planner = (deps: ActionDeps, input: StepInput) => Plan | Promise<Plan>;

/** One change beyond the groups, with what must be remembered before it is made. */
export interface PlannedChange {
  readonly cut: ActionName;
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

/** What an action comes down to here. */
export interface Plan {
  readonly changes: readonly PlannedChange[];
  /** What needs no change, or must not be changed. */
  readonly remarks: readonly Reinforcement[];
  readonly risks: readonly ResidualRisk[];
}

export const nothing = (
  cut: ActionName,
  outcome: Reinforcement['outcome'],
  resource: string,
  what: string,
): Plan => ({ changes: [], remarks: [{ cut, outcome, resource, what, undo: [] }], risks: [] });
