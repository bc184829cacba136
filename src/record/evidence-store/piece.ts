import * as z from 'zod/mini';

const storedSchema = z.object({
  key: z.string(),
  versionId: z.optional(z.string()),
});

const schema = z.object({
  collector: z.string(),
  name: z.string(),
  what: z.string(),
  how: z.string(),
  collectedAt: z.string(),
  by: z.string(),
  object: z.optional(storedSchema),
  resource: z.optional(z.string()),
  bytes: z.optional(z.number()),
  sha256: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
  method: z.optional(z.string()),
  claimed: z.optional(z.string()),
  verdict: z.optional(z.enum(['accepted', 'rejected'])),
  note: z.optional(z.string()),
});

/** An object of the store, and which version of it is meant. */
export interface StoredObject {
  readonly key: string;
  readonly versionId?: string | undefined;
}

/** One piece of evidence: what it is, who took it, when and how, and what shows that it is still the same. */
export interface Piece {
  readonly collector: string;
  /** Unique within its collector and case. */
  readonly name: string;
  /** What it is, as a noun phrase. */
  readonly what: string;
  /** The call that it comes from, with its parameters and request id. */
  readonly how: string;
  /** ISO 8601 in UTC. */
  readonly collectedAt: string;
  /** The ARN or the name of who took it. */
  readonly by: string;
  /** Present where its content lies in the store. */
  readonly object?: StoredObject | undefined;
  /** Present where it is a resource of AWS: the id of a snapshot. */
  readonly resource?: string | undefined;
  readonly bytes?: number | undefined;
  /** In hexadecimal; of the content, unless `method` says otherwise. */
  readonly sha256?: string | undefined;
  /** How `sha256` is made, where it is not that of the content as it lies in the store. */
  readonly method?: string | undefined;
  /** What the host itself says, which nobody has to believe. */
  readonly claimed?: string | undefined;
  /** Where its content was judged: a rejected piece is kept, and said to be rejected. */
  readonly verdict?: 'accepted' | 'rejected' | undefined;
  readonly note?: string | undefined;
}

/** What a collector knows of a piece; the store adds who and when. */
export type NewPiece = Omit<Piece, 'collectedAt' | 'by' | 'object' | 'bytes' | 'sha256'> &
  Partial<Pick<Piece, 'bytes' | 'sha256'>>;

/** A record of a piece as it was read; undefined for anything that is none. */
export const readPiece = (text: string): Piece | undefined => {
  try {
    const { data } = schema.safeParse(JSON.parse(text));
    return data;
  } catch {
    return undefined;
  }
};

export const writePiece = (piece: Piece): string => `${JSON.stringify(piece, null, 2)}\n`;
