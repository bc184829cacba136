import type { IdleTimeouts, Membership, Protection, Registration, Volume } from './before.ts';
import type { HostCut } from './host-cut.ts';

/** A public address that an interface had: an Elastic IP, or one that AWS gave it by itself. */
export type FormerAddress =
  | { readonly allocationId: string; readonly privateAddress: string }
  | { readonly automatic: string };

/** What an interface was before the case; absent is what this case has not changed, as far as known. */
export interface FormerInterface {
  /** Absent: unknown, because it was found in a group of Cordon's and nobody remembers. */
  readonly groups?: readonly string[];
  /** Digests of the rules of these groups, in their order; undefined where one could not be read. */
  readonly rules?: readonly (string | undefined)[];
  readonly idleTimeouts?: IdleTimeouts;
  readonly addresses?: readonly FormerAddress[];
}

/** The world before the case: as it is remembered, and where nothing is, as it was found. */
export interface Former {
  /** Absent if unknown: an earlier run changed it, and no tag or journal has the value. */
  readonly protection?: Protection;
  readonly metadataService?: 'enabled' | 'disabled';
  readonly instanceProfileArn?: string;
  /** Present where the host was cut by its own firewall, or was about to be. */
  readonly host?: HostCut;
  /** The place in an Auto Scaling group, with as much of the group as could be read now. */
  readonly membership?: Membership;
  /** Processes of the group that Cordon suspended, or was about to. */
  readonly suspendedProcesses: readonly string[];
  readonly targets: readonly Registration[];
  readonly loadBalancers: readonly string[];
  readonly interfaces: Readonly<Record<string, FormerInterface>>;
  readonly volumes: readonly Volume[];
}

/** What is known of the world before the case, and how it is known. */
export interface Recollection {
  readonly former: Former;
  /**
   * `first`: no earlier run of this case left anything. `kept`: what is remembered can be shown to be
   * this case's. `unproven`: something is remembered, and nothing shows whose it is.
   */
  readonly standing: 'first' | 'kept' | 'unproven';
  /** The numbered tags of registrations that are remembered, as they are (to be) written. */
  readonly registrationTags: Readonly<Record<string, string>>;
  /** Resources that an earlier run changed, and whose before-values no tag or journal has. */
  readonly unknown: readonly string[];
  /** Values of others in Cordon's tags, quoted: planted, copied, or left by an older case. */
  readonly foreign: readonly string[];
  /** Values of which two sources say different things, quoted. */
  readonly disagreements: readonly string[];
  /** Per interface the groups it was found in, where those remembered are unproven and differ. */
  readonly found: Readonly<Record<string, readonly string[]>>;
}
