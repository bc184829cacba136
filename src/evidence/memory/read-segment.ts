import type { EBSClient } from '@aws-sdk/client-ebs';
import * as z from 'zod/mini';
import {
  AwsUnavailableError,
  EvidenceStoreError,
  UnintelligibleEventError,
} from '../../case/errors.ts';
import type { EvidenceCase } from '../../record/evidence-store/keys.ts';
import { contentKey } from '../../record/evidence-store/keys.ts';
import type { Bucket } from '../../record/evidence-store/objects.ts';
import { getObject, putOnce } from '../../record/evidence-store/objects.ts';
import { complaintOf } from '../../triggers/complaint.ts';
import type { Content } from './content.ts';
import { together } from './content.ts';
import { hashBlocks } from './hash-blocks.ts';
import { treeHash } from './tree-hash.ts';

const count = z.number().check(z.int(), z.gte(0));

const segmentSchema = z.object({ from: count, to: count });

const about = {
  case: z.object({
    accountId: z.string().check(z.regex(/^\d{12}$/)),
    region: z.string().check(z.regex(/^[a-z0-9-]{1,40}$/)),
    instanceId: z.string().check(z.regex(/^i-[0-9a-f]{8,17}$/)),
    caseId: z.string().check(z.regex(/^[A-Za-z0-9-]{1,80}$/)),
  }),
  snapshotId: z.string().check(z.regex(/^snap-[0-9a-f]{8,17}$/)),
};

const schema = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('read'), segment: segmentSchema, image: segmentSchema, ...about }),
  z.object({ verb: z.literal('combine'), segments: z.array(segmentSchema), ...about }),
]);

/** What the machine that reads blocks asks of its function. */
export type HashEvent = z.infer<typeof schema>;

/** @throws UnintelligibleEventError for anything that the machine does not send. */
export const parseHashEvent = (event: unknown): HashEvent => {
  const { data, error } = schema.safeParse(event, { reportInput: true });
  if (data !== undefined) return data;
  throw new UnintelligibleEventError(`Which blocks to read is unclear (${complaintOf(error)}).`);
};

/** What lies in the store of each segment: the hashes of its blocks, and what was seen in them. */
const readingSchema = z.object({
  from: count,
  to: count,
  hashes: z.string(),
  blocks: count,
  zeroBlocks: count,
  banner: z.optional(z.string().check(z.maxLength(120))),
});

const keyOf = (theCase: EvidenceCase, snapshotId: string, from: number): string =>
  contentKey(theCase, 'memory', `${snapshotId}-blocks-${String(from).padStart(9, '0')}.json`);

/** What the end of the machine tells. */
const sumSchema = z.object({
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  blocks: count,
  zeroBlocks: count,
  banner: z.optional(z.string().check(z.maxLength(120))),
});

export type Sum = z.infer<typeof sumSchema>;

/** The output of the machine; undefined for anything that is none. */
export const readSum = (output: string | undefined): Sum | undefined => {
  try {
    return sumSchema.safeParse(JSON.parse(output ?? '')).data;
  } catch {
    return undefined;
  }
};

export interface HashDeps {
  readonly ebs: EBSClient;
  readonly bucket: Bucket;
}

/** Reads one segment and keeps the hashes of its blocks in the store; what lies there already stays. */
const read = async (
  { ebs, bucket }: HashDeps,
  event: HashEvent & { verb: 'read' },
): Promise<object> => {
  const { case: theCase, snapshotId, segment, image } = event;
  const { hashes, content } = await hashBlocks(ebs, snapshotId, segment, image);
  const text = `${JSON.stringify({ ...segment, hashes: hashes.toString('hex'), ...content })}\n`;
  const key = keyOf(theCase, snapshotId, segment.from);
  const { put } = await putOnce(bucket, key, Buffer.from(text), 'application/json');
  if (!put) {
    throw new EvidenceStoreError(
      `${key} holds other hashes than the snapshot ${snapshotId} has: look who put them.`,
    );
  }
  return {};
};

/** Makes the hash of the volume from those of its blocks. */
const combine = async (
  { bucket }: HashDeps,
  { case: theCase, snapshotId, segments }: HashEvent & { verb: 'combine' },
): Promise<Sum> => {
  const lists: Buffer[] = [];
  const seen: Content[] = [];
  for (const { from, to } of segments) {
    const key = keyOf(theCase, snapshotId, from);
    const text = Buffer.from(await getObject(bucket, { key })).toString('utf8');
    const { data } = readingSchema.safeParse(JSON.parse(text));
    if (data?.from !== from || data.to !== to) {
      throw new AwsUnavailableError(`${key} does not hold the blocks ${from} to ${to}.`);
    }
    lists.push(Buffer.from(data.hashes, 'hex'));
    const { blocks, zeroBlocks, banner } = data;
    seen.push({ blocks, zeroBlocks, ...(banner === undefined ? {} : { banner }) });
  }
  return { sha256: treeHash(lists, segments.at(-1)?.to ?? 0), ...together(seen) };
};

/**
 * What the machine that reads the blocks of a snapshot asks: the hashes of one segment, or in the end
 * that of the whole volume. Nothing is ever mounted.
 *
 * @throws AwsUnavailableError where the machine should ask again.
 */
export const answerHash = (deps: HashDeps, event: HashEvent): Promise<object> =>
  event.verb === 'read' ? read(deps, event) : combine(deps, event);
