import type { Ownership } from '../case/review.ts';
import type { VerifiedCase } from '../case/verdict.ts';

/** What is known of a case before its instance is read back: from the case table, or from tags. */
export interface ListedCase {
  readonly instanceId: string;
  readonly caseId: string;
  readonly region: string;
  /** As the table or the tag has it. */
  readonly status: string;
  /** When the case was opened, ISO 8601. */
  readonly openedAt: string;
  /** When the instance was cut first, ISO 8601. */
  readonly cutAt?: string;
  /** Who or what began it, in their own words; absent where the instance alone can tell. */
  readonly by?: string;
  readonly ownership?: Ownership;
}

/** A case as it stands now. */
export interface Standing extends ListedCase {
  readonly isOpen: boolean;
  /** What was read back from AWS; absent for an ended case, one that is gone, and one that was not read. */
  readonly report?: VerifiedCase;
  /** EC2 does not know the instance any more. */
  readonly isGone?: true;
  /** Why it could not be read back; such a case may be open. */
  readonly unread?: string;
  /** Since when its review is overdue, ISO 8601. */
  readonly overdueSince?: string;
}

/** Where the cases of a Region are listed. */
export type Source = 'case-table' | 'tags';

/** The cases of one Region. */
export interface RegionStatus {
  readonly region: string;
  readonly source: Source;
  readonly cases: readonly Standing[];
  /** Why the tags are all that is known: what follows `In <Region>`. */
  readonly remark?: string;
  /** Why it is not known which cases there are, one sentence: no case shown does not mean that there is none. */
  readonly unread?: string;
}
