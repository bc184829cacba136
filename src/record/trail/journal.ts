import * as z from 'zod/mini';
import { sealTag, statusTag } from './keys.ts';
import type { TagsByResource } from './tags.ts';

/** One before-value, as it is (to be) written to a tag of a resource. */
export interface JournalLine {
  readonly at: string;
  readonly case: string;
  readonly resource: string;
  readonly key: string;
  readonly value: string;
}

/** What a journal holds of one case. */
export interface JournalCase {
  readonly caseId: string;
  readonly values: TagsByResource;
  /** Where it stands, in words; absent: in the journal of this machine. */
  readonly source?: string;
}

/** Which instance a journal is about. */
export interface JournalSubject {
  readonly accountId: string;
  readonly region: string;
  readonly instanceId: string;
}

/**
 * The memory of runs by hand on this machine: what was before is on its disk before anything is
 * changed, so that a run that was killed, or whose tags were refused, can be gone on with.
 */
export interface Journal {
  /** The cases of an instance, the newest first; none where nothing can be read. */
  read(subject: JournalSubject): Promise<readonly JournalCase[]>;
  /** Writes what was done in a case behind it; rejects where that cannot be written. */
  note(subject: JournalSubject, caseId: string, entries: readonly object[]): Promise<void>;
  /** The entries of a case, in the order in which they were written; none where nothing can be read. */
  entries(subject: JournalSubject, caseId: string): Promise<readonly unknown[]>;
  /** Settles when the lines are on the disk; rejects where they cannot be written. */
  append(subject: JournalSubject, caseId: string, values: TagsByResource): Promise<void>;
}

const schema = z.object({
  at: z.string(),
  case: z.string(),
  resource: z.string(),
  key: z.string(),
  value: z.string(),
});

export const writeJournalLine = (line: JournalLine): string => `${JSON.stringify(line)}\n`;

/** An entry of the journal of a case, as one line of its file. */
export const writeEntryLine = (at: string, caseId: string, entry: object): string =>
  `${JSON.stringify({ at, case: caseId, entry })}\n`;

const entryLine = z.object({ case: z.string(), entry: z.looseObject({}) });

/** The entries of one case; lines that are none are before-values. */
export const readEntryLines = (text: string, caseId: string): readonly unknown[] =>
  text.split('\n').flatMap((line) => {
    try {
      const { data } = entryLine.safeParse(JSON.parse(line));
      return data?.case === caseId ? [data.entry] : [];
    } catch {
      return [];
    }
  });

/** A line that a full disk or a kill has cut off says nothing. */
const parsed = (line: string): JournalLine | undefined => {
  try {
    const { success, data } = schema.safeParse(JSON.parse(line));
    return success ? data : undefined;
  } catch {
    return undefined;
  }
};

/** The line under which a case has ended: everything before it was given back. */
export const endOfCase = { [statusTag]: 'released' } as const;

/**
 * The values of one case; of two lines about the same thing the first counts: it was before. A case
 * that begins within minutes of the end of another may have the same id, and remembers nothing of it.
 */
export const readJournalLines = (text: string, caseId: string): TagsByResource => {
  let values: Record<string, Record<string, string>> = {};
  for (const line of text.split('\n')) {
    const one = line === '' ? undefined : parsed(line);
    if (one === undefined || one.case !== caseId) continue;
    if (one.key === statusTag && one.value === endOfCase[statusTag]) {
      values = {};
      continue;
    }
    const tags = values[one.resource] ?? {};
    // Of seals the last is the one that stands.
    const isKnown = Object.hasOwn(tags, one.key) && one.key !== sealTag;
    values[one.resource] = isKnown ? tags : { ...tags, [one.key]: one.value };
  }
  return values;
};
