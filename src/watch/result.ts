import type { Deps } from '../aws/clients.ts';
import type { DriftNews } from '../case/drift-news.ts';
import type { Stop } from '../case/stop-switch.ts';
import type { VerifyCaseDeps } from '../find-case.ts';
import type { PreparedVpc } from '../prepare-vpcs.ts';
import type { Table } from '../record/case-table/condition.ts';
import type { OpenInTable } from './open-in-table.ts';

/** What the watch works with. */
export type DriftDeps = VerifyCaseDeps &
  Deps<'sns' | 'stepFunctions'> & {
    readonly region: string;
    /** The machine whose executions are the cases; empty by hand, where there is none. */
    readonly stateMachineArn: string;
    readonly stopSwitch: StopSwitch;
    /** The stack's case table; absent by hand, where there is none. */
    readonly table?: Table;
    /** The open cases of the stack's table; reads it once. */
    readonly openInTable: () => Promise<OpenInTable>;
  };

/** What the watch knows of the switch that stops everything automatic. */
export interface StopSwitch {
  /** The stack whose switch it is. */
  readonly stackName: string;
  /** How often open cases are read back, in minutes. */
  readonly checkMinutes: number;
  /** Reads it once; while it stands the watch tells, and closes only what is in transition. */
  readonly stands: () => Promise<Stop | undefined>;
}

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
  /** The VPCs whose groups were made ready. */
  readonly prepared?: readonly PreparedVpc[];
}
