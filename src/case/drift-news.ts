import type { Control } from './control.ts';
import type { RecordMark } from './record-mark.ts';

/** What people are told of a contained instance between its case and its release. */
export interface DriftNews {
  /**
   * `open-again`: an isolating control does not hold. `isolated-again`: it did not, and does now.
   * `touched`: somebody changed something, and isolation holds. `state`: EC2 changed its state.
   * `left-open`: an interface stayed in transition for more than a minute.
   */
  readonly kind: 'open-again' | 'isolated-again' | 'touched' | 'state' | 'left-open';
  readonly instanceId: string;
  readonly caseId?: string;
  readonly accountId?: string;
  readonly region: string;
  readonly at: string;
  /** One sentence. */
  readonly what: string;
  /** Who did it, as CloudTrail tells. */
  readonly who?: string;
  /** Why the watch told and did not act, one sentence; absent where it is sure of the case. */
  readonly doubt?: string;
  /** How far the record of the case was. */
  readonly record?: RecordMark;
  /** The controls as they were read last. */
  readonly proof: readonly Control[];
}
