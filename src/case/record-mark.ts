/** How far the record of a case was when something was said that vouches for it. */
export interface RecordMark {
  /** The SHA-256 of the last object, 64 hexadecimal digits. */
  readonly head: string;
  /** The number of that object, from 1. */
  readonly number: number;
  /** Present where nothing can be appended to the record: since when, ISO 8601. */
  readonly blockedSince?: string;
}
