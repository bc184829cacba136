import type { Trigger } from '../case/case.ts';
import type { IsolationProfile } from '../case/isolation-profile.ts';
import type { Subject } from '../case/policy.ts';

/** An instance that a trigger names, with what the trigger says of it. */
export interface NamedInstance {
  readonly instanceId: string;
  readonly accountId?: string;
  readonly region?: string;
  /** Tags as the finding carries them. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A trigger event, understood: what arrived, and which instances it is about (possibly none). */
export interface ContainmentRequest {
  readonly trigger: Trigger;
  readonly subject: Subject;
  readonly instances: readonly NamedInstance[];
  /** Asked for in the event itself; `Mode=observe` is not considered here. */
  readonly dryRun: boolean;
  /** Asked for in the event itself, instead of the setting. */
  readonly isolationProfile?: IsolationProfile;
}
