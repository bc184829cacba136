import type { Deps } from '../aws/clients.ts';
import type { CaseTable } from '../record/case-table/case-table.ts';

export interface IntakeSettings {
  readonly stateMachineArn: string;
  /** The machine that asks people and waits; absent by hand: then people are only told. */
  readonly askStateMachineArn?: string;
  /** Empty by hand: what is rejected is only logged and told. */
  readonly deadLetterQueueUrl: string;
  /** The parameter that stops everything automatic; empty by hand. */
  readonly stopParameter: string;
  /** The table that holds one open case per instance; absent by hand. */
  readonly caseTable?: CaseTable;
  /** Unique ids and ARNs of the roles whose calls raise findings; empty by hand. */
  readonly ownRoles: readonly string[];
}

export interface IntakeResult {
  readonly executions: readonly {
    readonly caseId: string;
    readonly instanceId: string;
    readonly executionArn: string;
    readonly outcome: 'started' | 'joined';
  }[];
  readonly skipped: readonly { readonly instanceId?: string; readonly reason: string }[];
  /** One sentence: why the event was not understood. */
  readonly rejected?: string;
}

export type IntakeDeps = Deps<
  'stepFunctions' | 'sns' | 'sqs' | 'ssm' | 'cloudWatch' | 'autoScaling' | 'ec2'
>;
