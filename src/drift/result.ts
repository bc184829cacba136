import type { Deps } from '../aws/clients.ts';
import type { DriftNews } from '../case/drift-news.ts';
import type { VerifyCaseDeps } from '../verify-case.ts';

/** What the watch works with. */
export type DriftDeps = VerifyCaseDeps &
  Deps<'sns' | 'stepFunctions'> & {
    readonly region: string;
    /** The machine whose executions are the cases; empty by hand, where there is none. */
    readonly stateMachineArn: string;
  };

/** What became of one contained instance. */
export interface CheckedInstance {
  readonly instanceId: string;
  readonly caseId?: string;
  /** Required controls that do not hold. */
  readonly drifted: readonly string[];
  readonly reisolated: readonly string[];
  readonly told: readonly DriftNews['kind'][];
  readonly error?: string;
}

export interface DriftResult {
  readonly checked: readonly CheckedInstance[];
}
