import type { CaseReport } from '../case/report.ts';
import type { TimelineEvent } from '../case/timeline.ts';
import type { EvidenceReading } from '../evidence/read-evidence.ts';
import type { JournalEntry } from '../record/journal/entry.ts';

/** Where a retold case was read. */
export type Source =
  | {
      readonly kind: 'record';
      /** SHA-256 of the last object of the record, in hexadecimal. */
      readonly head: string;
      /** How many objects the record has. */
      readonly objects: number;
      /** What shows that the record was changed, one sentence each. */
      readonly breaks: readonly string[];
      /** What of it could not be verified, one sentence each. */
      readonly doubts: readonly string[];
      /** How many notes wait to be appended to it. */
      readonly pending: number;
    }
  /** The case report alone, as its run put it out. */
  | { readonly kind: 'report'; readonly why: string }
  /** AWS, as it shows the instance now, and the instance's tags. */
  | {
      readonly kind: 'read-back';
      readonly why: string;
      /** The verdict of that reading: the word, the instance, what it means. */
      readonly line: string;
    };

/** Everything that a report for people tells of a case. */
export interface Story {
  readonly report: CaseReport;
  /** In the order of time. */
  readonly timeline: readonly TimelineEvent[];
  /** The journal of the case; empty where there is no record. */
  readonly entries: readonly JournalEntry[];
  /** Absent where there is no store, or it could not be read. */
  readonly evidence?: EvidenceReading;
  readonly source: Source;
  /** What could not be read, one sentence each. */
  readonly notes: readonly string[];
  /** When the page was made, ISO 8601. */
  readonly madeAt: string;
}
