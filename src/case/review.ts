/** Who looks after an open case, since when, and when somebody has to look again. */
export interface Ownership {
  /** In their own words: quote it. */
  readonly owner: string;
  /** When they took it, ISO 8601 in UTC. */
  readonly takenAt: string;
  /** Why, in their own words. */
  readonly reason?: string;
  /** When the case is to be reviewed next, ISO 8601; absent where no review is asked for. */
  readonly reviewAt?: string;
}

/** What decides when somebody has to look at a case. */
export interface Reviewed {
  /** When the case was opened, ISO 8601. */
  readonly openedAt: string;
  readonly ownership?: Ownership;
}

const hour = 3_600_000;

/** When somebody looked last: they took the case, or it was opened and told. */
export const lookedAt = ({ openedAt, ownership }: Reviewed): Date =>
  new Date(ownership?.takenAt ?? openedAt);

/**
 * When an open case is to be looked at next.
 *
 * @param reviewAfterHours how long a case may go unseen; 0: for ever.
 * @returns undefined where nobody has to look.
 */
export const reviewDueAt = (reviewed: Reviewed, reviewAfterHours: number): Date | undefined => {
  if (reviewAfterHours === 0) return undefined;
  const named = Date.parse(reviewed.ownership?.reviewAt ?? '');
  if (!Number.isNaN(named)) return new Date(named);
  const looked = lookedAt(reviewed).getTime();
  return Number.isNaN(looked) ? undefined : new Date(looked + reviewAfterHours * hour);
};

/** When somebody who takes a case now has to look again; undefined where no review is asked for. */
export const nextReview = (now: Date, reviewAfterHours: number): Date | undefined =>
  reviewAfterHours === 0 ? undefined : new Date(now.getTime() + reviewAfterHours * hour);

/** Whether the review of a case is overdue, and since when. */
export const overdueSince = (
  reviewed: Reviewed,
  reviewAfterHours: number,
  now: Date,
): Date | undefined => {
  const due = reviewDueAt(reviewed, reviewAfterHours);
  return due !== undefined && due <= now ? due : undefined;
};

/**
 * Whether people are to be told of an overdue review: once per period.
 *
 * @param remindedAt when they were told last, ISO 8601.
 */
export const isReviewReminderDue = (
  reviewed: Reviewed & { readonly remindedAt?: string },
  reviewAfterHours: number,
  now: Date,
): boolean => {
  if (overdueSince(reviewed, reviewAfterHours, now) === undefined) return false;
  const told = Date.parse(reviewed.remindedAt ?? '');
  // Who took the case after the last reminder has a period of their own.
  if (Number.isNaN(told) || told < lookedAt(reviewed).getTime()) return true;
  return now.getTime() >= told + reviewAfterHours * hour;
};
