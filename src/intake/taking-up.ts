import type { CaseTable } from '../record/case-table/case-table.ts';
import type { ReadSize } from './group-brake.ts';
import type { IntakeDeps, IntakeResult } from './intake-result.ts';

/** What became of a case that is to be contained: an execution, or the brake holds it back. */
export type TakenUp =
  | { readonly kind: 'execution'; readonly execution: IntakeResult['executions'][number] }
  | { readonly kind: 'held'; readonly reason: string }
  /** A person refused it before, and that stands. */
  | { readonly kind: 'left'; readonly reason: string };

/** What a case is taken up with. */
export interface TakingUp {
  readonly deps: IntakeDeps;
  readonly stateMachineArn: string;
  /** The machine that keeps the evidence of who is held back; empty or absent where there is none. */
  readonly askStateMachineArn?: string;
  readonly table: CaseTable;
  /** The size of the case's Auto Scaling group, where its reading has begun already. */
  readonly size?: ReadSize;
}
