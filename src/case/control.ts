/** What the last step of a containment reads back from AWS. */
export const controlNames = [
  'eni-groups',
  'group-rules',
  'asg-membership',
  'targets',
  'termination-protection',
  'stop-protection',
  'shutdown-behavior',
  'delete-on-termination',
  'snapshots',
  'trail',
] as const;

/** With `seal`, which is read of a case that is looked at later: it is written after this proof. */
export type ControlName = (typeof controlNames)[number] | 'seal';

/** `not-applicable`: AWS does not allow it for this instance, which is no proof of anything. */
export type Holds = boolean | 'unknown' | 'not-applicable';

export interface Control {
  readonly control: ControlName;
  readonly holds: Holds;
  /**
   * A case is `contained` only when every required control holds. What is not applicable is never
   * required, and a residual risk says what that means.
   */
  readonly required: boolean;
  /** What was seen, in words. */
  readonly observed: string;
  /** When it was seen, ISO 8601. */
  readonly readAt: string;
}

/** A control before it is dated and marked as required. */
export type Observation = Pick<Control, 'control' | 'holds' | 'observed'>;

export const controlOf = (proof: readonly Control[], control: ControlName): Control | undefined =>
  proof.find((one) => one.control === control);
