import type { Before, Registration, TargetRegistration } from './before.ts';
import type { Case } from './case.ts';
import type { Control } from './control.ts';
import type { Cut } from './cut.ts';
import type { ForensicPath } from './forensic-path.ts';
import type { IsolationProfile } from './isolation-profile.ts';
import type { Now } from './now.ts';
import type { Question } from './question.ts';
import type { Registrations } from './registrations.ts';
import type { ResidualRisk } from './risk.ts';

/** What steps hand to later steps and to the report, in the `detail` of their entries. */

/**
 * What a step has written to tags, by resource: what this run can vouch for. It stands in the history
 * of the execution, which nobody can change, and is left out of the report.
 */
export interface Vouched {
  readonly vouched?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface DescribeDetail {
  readonly case: Case;
  readonly before: Before;
  /** Set when the case ends here: the reason why this instance is not contained. */
  readonly skip?: string;
  /** Present where `skip` is a question: a person is to say whether the instance is cut off. */
  readonly asks?: true;
  /** The question, where the machine can ask it and wait for the answer. */
  readonly question?: Question;
  /** Whether the isolated instance can be examined; absent where that was not read. */
  readonly forensicPath?: ForensicPath;
  readonly risks?: readonly ResidualRisk[];
}

export interface DetachDetail extends Vouched {
  readonly groupName?: string;
  /** Registrations of the group's own target groups, read before the detach removed them. */
  readonly targets: readonly TargetRegistration[];
  readonly loadBalancers: readonly string[];
  /** Why the registrations could not be read; the detach went on. */
  readonly unread?: string;
  /** How the instance left; `suspended`: it did not, and the group may terminate nothing. */
  readonly left?: 'detach' | 'standby' | 'suspended';
  /** Processes that Cordon suspended for the whole group, to be resumed by an undo. */
  readonly suspendedProcesses?: readonly string[];
  readonly risks?: readonly ResidualRisk[];
  /** Why the step had nothing to do. */
  readonly because?: string;
}

/** What the step that starts the collection of evidence did, or would do. */
export interface CollectEvidenceDetail {
  readonly executionArn?: string;
  /** In a dry run: what could be collected, and what could not. */
  readonly foreseen?: readonly {
    readonly collector: string;
    readonly can: boolean;
    readonly sentence: string;
  }[];
  /** Why nothing is collected. */
  readonly because?: string;
}

export interface DeregisterDetail extends Vouched {
  readonly targets: readonly Registration[];
  readonly loadBalancers: readonly string[];
  readonly targetGroupsRead: number;
  readonly risks: readonly ResidualRisk[];
  /** Why the step had nothing to do. */
  readonly because?: string;
}

/** The groups that one interface is to be moved to, read and found as they should be. */
export interface PreparedGroups {
  /** One shared group, or one egress-free clone per original group. */
  readonly isolation: readonly string[];
  readonly transition?: string;
}

export interface PrepareDetail extends Vouched {
  /** Per interface; absent for one that has no isolation group. */
  readonly groups: Readonly<Record<string, PreparedGroups>>;
  /** Original groups per interface, as written to its tags. */
  readonly originals: Readonly<Record<string, readonly string[]>>;
  /** The groups of the interfaces as read last; absent where they could not be read. */
  readonly groupsNow?: Readonly<Record<string, readonly string[]>>;
  /** Groups made in this run, which AWS may not show everywhere yet. */
  readonly made?: readonly string[];
  readonly risks: readonly ResidualRisk[];
}

export interface IsolatedInterface {
  readonly id: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly outcome: 'isolated' | 'already';
}

export interface IsolationDetail {
  readonly interfaces: readonly IsolatedInterface[];
  /** When the groups of every interface were read back and found right, ISO 8601. */
  readonly isolatedAt: string;
  readonly cut: Cut;
  readonly profile: IsolationProfile;
  /** For how long the transition group was on, the longest of all interfaces, in milliseconds. */
  readonly openMilliseconds: number;
  readonly risks: readonly ResidualRisk[];
}

export interface SnapshotRecord {
  readonly snapshotId: string;
  readonly volumeId: string;
  readonly device?: string;
}

export interface SnapshotDetail {
  readonly snapshots: readonly SnapshotRecord[];
  readonly risks?: readonly ResidualRisk[];
}

export interface CheckSnapshotsDetail {
  readonly completed: number;
  readonly pending: number;
  readonly failed: number;
  readonly snapshotIds: readonly string[];
  /** Seconds to wait before the next look. */
  readonly waitSeconds: number;
  /** True when there is nothing left to wait for. */
  readonly finished: boolean;
}

export interface VerifyDetail {
  readonly proof: readonly Control[];
  readonly cut: Cut;
  readonly risks: readonly ResidualRisk[];
  /** What was read, as an undo needs it; without what could not be read. */
  readonly now?: Partial<Now>;
  /** Registrations that the tags of the instance remember. */
  readonly remembered?: Registrations;
}

/** One change that a dry run did not make, and what AWS said of the permission. */
export interface PlannedCall {
  readonly call: string;
  readonly resource: string;
  /** What is there now, and what would be there afterwards, in words. */
  readonly before: string;
  readonly after: string;
  readonly permission: 'allowed' | 'denied' | 'untested' | 'refused';
  /** AWS's words where it refused the call for another reason than permissions. */
  readonly message?: string;
}

export interface PlanDetail {
  readonly calls: readonly PlannedCall[];
  /** What would remain, as far as reading alone can tell. */
  readonly risks?: readonly ResidualRisk[];
}
