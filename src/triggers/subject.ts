import type { TriggerSource } from '../case/case.ts';

/** What a trigger says about itself, as far as it decides what happens. */
export interface Subject {
  readonly source: TriggerSource;
  readonly type: string;
  readonly severity: number | null;
  readonly sample: boolean;
  readonly archived: boolean;
  /** Why it is no reason to contain anybody, whatever the settings say; a sentence. */
  readonly dismissal?: string;
  /** GuardDuty: whether the instance attacks (ACTOR) or is attacked (TARGET). */
  readonly resourceRole?: string;
  /** A person ordered it in another console: the severity does not count. */
  readonly isOrder?: true;
  /** An alarm in ALARM that is about several instances. */
  readonly isAmbiguous?: true;
  /** Credentials of the instance were used elsewhere; the instance itself need not be open. */
  readonly exfiltration?: true;
}
