import * as z from 'zod/mini';
import { oneLine } from '../../case/one-line.ts';

/** What the script prints last; a compromised host may print anything. */
const schema = z.object({
  cordon: z.literal('memory'),
  outcome: z.enum(['done', 'already', 'refused', 'failed']),
  code: z.optional(z.string().check(z.maxLength(40))),
  sentence: z.optional(z.string().check(z.maxLength(600))),
  length: z.optional(z.string().check(z.regex(/^[0-9]{1,16}$/))),
  'image-sha256': z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
  tool: z.optional(z.string().check(z.maxLength(64))),
  'tool-sha256': z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
  source: z.optional(z.string().check(z.maxLength(64))),
  kernel: z.optional(z.string().check(z.maxLength(96))),
});

/** What the host says of its run. Nobody has to believe it. */
export type Claim = z.infer<typeof schema>;

const parse = (line: string): Claim | undefined => {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};

/** The last line of the output that is of the script; undefined where there is none. */
export const readClaim = (output: string): Claim | undefined =>
  output
    .split('\n')
    .map((line) => parse(line.trim()))
    .findLast((claim) => claim !== undefined);

/** The claim of an image in one line, for its record. */
export const claimInWords = (claim: Claim): string =>
  oneLine(
    `${claim.tool} (SHA-256 ${claim['tool-sha256']}) read ${claim.source} of kernel ${claim.kernel}: ${claim.length} bytes, SHA-256 ${claim['image-sha256']}`,
  );
