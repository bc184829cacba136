import type { IdleTimeouts, Protection, Registration } from './before.ts';

/** An interface as it is now. */
export interface InterfaceNow {
  readonly groupIds: readonly string[];
  readonly idleTimeouts?: IdleTimeouts;
  readonly publicAddresses: readonly string[];
}

/**
 * What an undo compares the world before with: the world as AWS tells it now, as far as it could be
 * read. What is absent is unknown, and counts as changed.
 */
export interface Now {
  readonly protection: Protection;
  readonly metadataService?: 'enabled' | 'disabled';
  readonly instanceProfileArn?: string;
  readonly interfaces: Readonly<Record<string, InterfaceNow>>;
  /** DeleteOnTermination by volume. */
  readonly volumes: Readonly<Record<string, boolean>>;
  /** The state in the Auto Scaling group; `none`: in no group. */
  readonly lifecycleState?: string;
  /** What still sends traffic to the instance. */
  readonly registered?: readonly Registration[];
  readonly loadBalancers?: readonly string[];
  /** Entries of network ACLs that deny for this instance, by the notes on the ACLs. */
  readonly denies?: readonly {
    readonly aclId: string;
    readonly number: number;
    readonly egress: boolean;
  }[];
  /** Flow logs that this case has made of the interfaces of the instance. */
  readonly flowLogs?: readonly { readonly id: string; readonly interfaceId: string }[];
  /** Roles whose sessions of this instance are denied everything. */
  readonly revocations?: readonly { readonly roleName: string; readonly policyName: string }[];
  /** Sessions of this case that mirror the traffic of its interfaces to the stack's target. */
  readonly mirrorSessions?: readonly { readonly id: string; readonly interfaceId: string }[];
  /** Filters of this case that nothing but these sessions uses. */
  readonly mirrorFilterIds?: readonly string[];
}
