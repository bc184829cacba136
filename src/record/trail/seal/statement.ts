import type { Tags } from '../tags.ts';

/** Who signed: a function of the stack in a case of its own, or a person's run by hand. */
export const purposes = ['trail', 'trail-by-hand'] as const;

export type Purpose = (typeof purposes)[number];

/** Stands for a time that AWS does not tell. */
export const unknownTime = 'unknown';

/** Which resource of which case a seal speaks of. */
export interface SealSubject {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly resource: string;
  readonly instance: string;
  /**
   * When the instance was made, ISO 8601: when its primary interface was attached. LaunchTime is
   * renewed by each start
   * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html), so that a seal over
   * it would look broken after one.
   */
  readonly launchTime: string;
  readonly case: string;
}

/** Everything that is signed. */
export interface Statement extends SealSubject {
  readonly purpose: Purpose;
  /** Identifies the run that signed. */
  readonly run: string;
  /** Rises with each seal of one resource. */
  readonly seq: number;
  /** `20261126T004051Z` */
  readonly issuedAt: string;
  /** The first 16 hexadecimal digits of the record's head; zeros while no record is kept. */
  readonly head: string;
  readonly tags: Tags;
}

const byCodeUnit = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

/**
 * The text that is signed: JSON without white space, members sorted by code unit, tags as sorted
 * pairs, so that every language with a JSON library can make it (docs/trail.md has ten lines).
 */
export const canonicalText = ({ tags, ...statement }: Statement): string => {
  const pairs = Object.entries(tags).toSorted(byCodeUnit);
  const members = Object.entries({ ...statement, v: 1, tags: pairs }).toSorted(byCodeUnit);
  return JSON.stringify(Object.fromEntries(members));
};
