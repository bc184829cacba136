import type { Inverse } from '../case/undo/inverse.ts';

/** What is written to the tags of a resource before it is changed. */
export interface Remembering {
  readonly resourceId: string;
  /** Undefined: more than a tag can hold; it is in the log alone. */
  readonly tags: Readonly<Record<string, string | undefined>>;
}

/**
 * One mutating call, with all that is known of it before it is sent. An action plans changes; the
 * engine rehearses them, or remembers what was before and sends them.
 */
export interface Change {
  /** As IAM names it: `ec2:CreateTags`. */
  readonly call: string;
  readonly resource: string;
  /** What is there now, in words. */
  readonly before: string;
  /** What is there afterwards, in words. */
  readonly after: string;
  /** An EC2 call without a `DryRun`: rehearsing it would make it. */
  readonly withoutDryRun?: true;
  /** What must be on record before it is sent. */
  readonly remember?: Remembering;
  /** What gives it back; absent where something else does, or nothing can. */
  readonly inverse?: readonly Inverse[];
  /** How it is tried, where sending it once, for as long as the SDK tries, is not enough or too much. */
  attempt?(send: () => Promise<unknown>): Promise<unknown>;
  /** What a refusal means, where it is no failure; undefined where it is one. */
  meaning?(error: unknown): 'already' | 'not-applicable' | undefined;
  /** Makes the call; EC2's `DryRun` is set from the argument. */
  send(dryRun: boolean): Promise<unknown>;
}
