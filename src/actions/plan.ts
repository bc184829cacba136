import type { Clients, Deps } from '../aws/clients.ts';
import type { Reinforcement } from '../case/reinforcement.ts';
import type { ResidualRisk } from '../case/risk.ts';
import type { StepInput } from '../case/step-input.ts';
import type { Inverse } from '../case/undo/inverse.ts';
import type { Change } from '../engine/change.ts';
import type { ReinforcementName } from './index.ts';

export type ActionDeps = Deps<Extract<keyof Clients, 'ec2' | 'iam' | 'ssm'>>;

/** Works out what an action comes down to for one instance; nothing is changed. */
export type Planner = (deps: ActionDeps, input: StepInput) => Plan | Promise<Plan>;

/** One change beyond the groups. */
export interface PlannedChange extends Change {
  readonly cut: ReinforcementName;
  /** What it does, as people are told of it. */
  readonly what: string;
  readonly inverse: readonly Inverse[];
  /** A failure may leave it half made, so that it is given back all the same. */
  readonly keepsUndo?: true;
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
  cut: ReinforcementName,
  outcome: Reinforcement['outcome'],
  resource: string,
  what: string,
): Plan => ({ changes: [], remarks: [{ cut, outcome, resource, what, undo: [] }], risks: [] });
