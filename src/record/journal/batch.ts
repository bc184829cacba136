import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { defined } from '../../case/defined.ts';
import type { JournalEntry, NewEntry } from './entry.ts';
import { readEntry } from './entry.ts';

/** Who wrote entries, with which code. */
export interface Writer {
  /** An ARN, or the name of a person. */
  readonly actor: string;
  /** The logical name of a function, or `cordon`. */
  readonly program: string;
  readonly version?: string | undefined;
  /** In hexadecimal. */
  readonly codeSha256?: string | undefined;
}

/** What one invocation of a function, or one command, noted of one case. */
export interface Batch {
  /** Unique: a batch that arrives twice is known by it. */
  readonly id: string;
  readonly caseId: string;
  /** When it was closed; ISO 8601 in UTC. */
  readonly at: string;
  readonly writer: Writer;
  readonly entries: readonly NewEntry[];
}

const schema = z.object({
  id: z.string().check(z.regex(/^[0-9a-z-]{1,64}$/)),
  caseId: z.string(),
  at: z.string(),
  writer: z.object({
    actor: z.string(),
    program: z.string(),
    version: z.optional(z.string()),
    codeSha256: z.optional(z.string()),
  }),
  entries: z.array(z.looseObject({})),
});

/** A batch of what was noted until now. */
export const newBatch = (
  caseId: string,
  writer: Writer,
  entries: readonly NewEntry[],
  now: Date,
): Batch => ({
  id: `${now.getTime().toString(36)}-${randomBytes(8).toString('hex')}`,
  caseId,
  at: now.toISOString(),
  writer,
  entries,
});

/** A message is a call that people read: it is told by its subject. */
const asMessage = (entry: NewEntry): NewEntry => {
  if (entry.kind !== 'call' || entry.call !== 'sns:Publish') return entry;
  const { Subject: subject } = (entry.parameters ?? {}) as { readonly Subject?: unknown };
  return {
    ...entry,
    kind: 'message',
    ...(typeof subject === 'string' ? { sentence: subject } : {}),
    ...defined({ detail: entry.answer }),
  };
};

/** The entries of a batch as they stand in the record. */
export const entriesOfBatch = ({ id, writer, entries }: Batch): readonly JournalEntry[] =>
  entries.flatMap(
    (entry, at) =>
      readEntry(
        JSON.parse(JSON.stringify({ ...asMessage(entry), ...writer, id: `${id}.${at}` })),
      ) ?? [],
  );

/** As the case table and the state of a run carry it. */
export const packBatch = (batch: Batch): Uint8Array => gzipSync(JSON.stringify(batch));

/** The longest that a packed batch may be unpacked, in bytes: it comes from where others may write. */
const longestUnpacked = 64_000_000;

/** A batch as it was read; undefined for anything that is none. */
export const unpackBatch = (packed: Uint8Array): Batch | undefined => {
  try {
    const text = gunzipSync(packed, { maxOutputLength: longestUnpacked }).toString('utf8');
    const { data } = schema.safeParse(JSON.parse(text));
    return data === undefined ? undefined : (data as unknown as Batch);
  } catch {
    return undefined;
  }
};
