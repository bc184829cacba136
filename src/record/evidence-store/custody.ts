import * as z from 'zod/mini';

/** Who had evidence in hand, when, and what for. */
export interface CustodyEntry {
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** The ARN or the name of who it was. */
  readonly by: string;
  readonly what: 'collected' | 'read' | 'shared' | 'locked' | 'analysed' | 'cleaned' | 'released';
  /** `console-output/latest.txt`, or an id of AWS. */
  readonly piece: string;
  readonly detail?: string | undefined;
}

const schema = z.object({
  at: z.string(),
  by: z.string(),
  what: z.enum(['collected', 'read', 'shared', 'locked', 'analysed', 'cleaned', 'released']),
  piece: z.string(),
  detail: z.optional(z.string()),
});

/** An entry as it was read; undefined for anything that is none. */
export const readCustody = (text: string): CustodyEntry | undefined => {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

export const writeCustody = (entry: CustodyEntry): string => `${JSON.stringify(entry)}\n`;
