import type { Trigger } from '../case/case.ts';
import type { IsolationProfile } from '../case/isolation-profile.ts';
import type { Subject } from './subject.ts';

/** An instance that a trigger names, with what the trigger says of it. */
export interface NamedInstance {
  readonly instanceId: string;
  readonly accountId?: string;
  readonly region?: string;
  /** Tags as the finding carries them. */
  readonly tags: Readonly<Record<string, string>>;
  /** The Auto Scaling group that it is a member of, where the trigger says so beside the tags. */
  readonly autoScalingGroup?: string;
  /** Present where the host runs workloads of others too: a node of a cluster. */
  readonly sharedHost?: SharedHost;
}

/** Why a host is taken for one that others share. */
export interface SharedHost {
  /** For a sentence: `the finding is about its EKSCluster`. */
  readonly reason: string;
  /** True where whoever may tag the instance could have said so. */
  readonly forgeable: boolean;
}

/** An instance that a trigger is about, and that it does not name in a form that can be read. */
export interface UnreadInstance {
  /** What is missing, for a sentence: `it names no resource`. */
  readonly why: string;
  /** Ids of instances and volumes that the event mentions anywhere. */
  readonly clues: readonly string[];
}

/** Volumes of a host that an event does not name. */
export interface NamedVolumes {
  readonly arns: readonly string[];
  /** True where what was found on them belongs to containers, which others run on the host too. */
  readonly ofContainers: boolean;
}

/** The calls of AWS that a finding is about. */
export interface ReportedCalls {
  /**
   * One entry per caller: how the finding names its principal (a unique id, an ARN); empty where
   * that cannot be read.
   */
  readonly callers: readonly (readonly string[])[];
  /** Names of API operations, and of the rules of GuardDuty that saw them. */
  readonly names: readonly string[];
}

/** A trigger event, understood: what arrived, and which instances it is about (possibly none). */
export interface ContainmentRequest {
  readonly trigger: Trigger;
  readonly subject: Subject;
  readonly instances: readonly NamedInstance[];
  /** Present where people have to look for an instance themselves. */
  readonly unread?: UnreadInstance;
  /** Present where the finding names who made the calls. */
  readonly calls?: ReportedCalls;
  /** ARNs of the alarms behind a composite one, where the event itself names no instance. */
  readonly alarms?: readonly string[];
  /** The volumes that the event names in the place of an instance: what they are attached to is meant. */
  readonly volumes?: NamedVolumes;
  /** Asked for in the event itself; `Mode=observe` is not considered here. */
  readonly dryRun: boolean;
  /** Asked for in the event itself, instead of the setting. */
  readonly isolationProfile?: IsolationProfile;
}
