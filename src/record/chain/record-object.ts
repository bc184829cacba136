import * as z from 'zod/mini';
import { readEntry } from '../journal/entry.ts';

/** What an object of the record was appended beside. */
export const occasions = ['cut', 'end', 'evidence', 'drift', 'release', 'later'] as const;

export type Occasion = (typeof occasions)[number];

const linkSchema = z.object({
  key: z.string(),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  versionId: z.optional(z.string()),
});

const schema = z.object({
  v: z.literal(1),
  purpose: z.literal('case-record'),
  caseId: z.string(),
  instanceId: z.string(),
  accountId: z.string(),
  region: z.string(),
  partition: z.string(),
  number: z.number().check(z.int(), z.gte(1)),
  previous: z.nullable(linkSchema),
  occasion: z.enum(occasions),
  appendedAt: z.string(),
  appendedBy: z.object({
    actor: z.string(),
    principal: z.optional(z.string()),
    program: z.string(),
    version: z.optional(z.string()),
    codeSha256: z.optional(z.string()),
  }),
  settings: z.optional(z.record(z.string(), z.unknown())),
  batches: z.array(z.string()),
  report: z.optional(z.looseObject({})),
  entries: z.array(z.looseObject({})),
});

/** An object of the record before this one: its key, the SHA-256 of its bytes in hexadecimal, its version. */
export type RecordLink = z.infer<typeof linkSchema>;

/**
 * One object of the record of a case: `record/000001.json` in the folder of the case, with its signature
 * beside it in `record/000001.json.sig`. Each names the one before, so that none can be changed, taken away
 * or put in between without the ones after it showing it.
 */
export type RecordObject = z.infer<typeof schema>;

/** The entries of an object that are entries. */
export const entriesOf = ({ entries }: Pick<RecordObject, 'entries'>) =>
  entries.flatMap((one) => readEntry(one) ?? []);

/** An object of the record as it was read; undefined for anything that is none. */
export const readRecordObject = (text: string): RecordObject | undefined => {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/** The bytes that are hashed, signed and stored. */
export const writeRecordObject = (object: RecordObject): string => `${JSON.stringify(object)}\n`;
