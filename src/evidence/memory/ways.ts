import type { EBSClient } from '@aws-sdk/client-ebs';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { ManagedAgent } from '../../aws/managed-agent.ts';

/** How a command on the host stands. */
export type Run =
  | { readonly ended: false }
  | {
      readonly ended: true;
      /** What it printed, at most as much as Systems Manager keeps. */
      readonly output: string;
      /** How Systems Manager says that it ended. */
      readonly status: string;
    };

/** What collecting memory takes beside the clients of every collector. */
export interface Ways {
  readonly ebs: EBSClient;
  readonly stepFunctions: SFNClient;
  /** The machine that reads the blocks of a snapshot; empty: the stack has none. */
  readonly hashMachineArn: string;
  /** The key of the evidence; empty: the account's own for EBS. */
  readonly keyArn: string;
  readonly readAgent: (instanceId: string) => Promise<ManagedAgent | undefined>;
  /** Sends the document, pinned by its hash; gives the id of the command. */
  readonly send: (
    instanceId: string,
    parameters: Readonly<Record<string, string>>,
  ) => Promise<string>;
  readonly look: (instanceId: string, commandId: string) => Promise<Run>;
}
