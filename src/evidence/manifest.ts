import type { Clock } from '../aws/clock.ts';
import { EvidenceStoreError } from '../case/errors.ts';
import type { EvidenceCase } from '../record/evidence-store/keys.ts';
import { caseFolder, shelfOf } from '../record/evidence-store/keys.ts';
import type { Bucket, Content } from '../record/evidence-store/objects.ts';
import { headOf, listKeys, putOnce } from '../record/evidence-store/objects.ts';
import type { CollectorOutcome } from '../record/evidence-store/outcome.ts';
import type { Piece } from '../record/evidence-store/piece.ts';
import type { TrailKey } from '../record/trail/seal/trail-key.ts';

/** Where a manifest lies, and whether it is signed. */
export interface StoredManifest {
  readonly key: string;
  readonly sha256: string;
  readonly signed: boolean;
}

export interface ManifestInput {
  readonly case: EvidenceCase;
  readonly store: string;
  readonly madeAt: string;
  readonly by: string;
  readonly pieces: readonly Piece[];
  readonly outcomes: readonly CollectorOutcome[];
  /** Every object of the case but the manifests themselves. */
  readonly objects: readonly Content[];
  /** The keys of what lies there and Cordon did not put. */
  readonly foreign: readonly string[];
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : 0;

/**
 * What is signed, as it lies in the store: a person reads it, and `sha256sum` and `openssl` verify it as the
 * file that it is (docs/evidence.md).
 */
export const manifestText = ({ case: theCase, objects, ...rest }: ManifestInput): string => {
  const { accountId, region, instanceId, caseId } = theCase;
  return `${JSON.stringify(
    {
      v: 1,
      purpose: 'evidence-manifest',
      ...{ caseId, instanceId, accountId, region },
      ...rest,
      objects: objects.toSorted(byKey),
    },
    null,
    2,
  )}\n`;
};

export interface ManifestDeps {
  readonly bucket: Bucket;
  readonly clock: Clock;
  readonly by: string;
  readonly pieces: () => Promise<readonly Piece[]>;
  readonly outcomes: () => Promise<readonly CollectorOutcome[]>;
  /** Absent where the stack has no key: the manifest lists, and nobody vouches for it. */
  readonly trailKey?: TrailKey;
}

/** Objects are looked at so many at once. */
const width = 10;

/** What lies under a key; undefined where somebody else than Cordon put it. */
const ownHead = async (bucket: Bucket, key: string): Promise<Content | undefined> => {
  try {
    return await headOf(bucket, { key });
  } catch (error) {
    if (error instanceof EvidenceStoreError) return undefined;
    throw error;
  }
};

const headsOf = async (bucket: Bucket, keys: readonly string[]): Promise<readonly Content[]> => {
  const heads: Content[] = [];
  for (let at = 0; at < keys.length; at += width) {
    const some = keys.slice(at, at + width).map((key) => ownHead(bucket, key));
    heads.push(...(await Promise.all(some)).flatMap((head) => head ?? []));
  }
  return heads;
};

/** Lists everything that the store has of a case, and signs the list. */
export const makeManifest = async (
  { bucket, clock, by, pieces, outcomes, trailKey }: ManifestDeps,
  theCase: EvidenceCase,
): Promise<StoredManifest> => {
  const manifests = shelfOf(theCase, 'manifest');
  const keys = (await listKeys(bucket, caseFolder(theCase))).filter(
    (key) => !key.startsWith(manifests),
  );
  const at = clock.now().toISOString();
  const objects = await headsOf(bucket, keys);
  const own = new Set(objects.map((one) => one.key));
  const text = manifestText({
    case: theCase,
    store: bucket.name,
    madeAt: at,
    by,
    pieces: await pieces(),
    outcomes: await outcomes(),
    objects,
    foreign: keys.filter((key) => !own.has(key)),
  });
  const key = `${manifests}${at.replaceAll(/[-:]/g, '')}.json`;
  const signature = await trailKey?.sign(text);
  const { sha256 } = await putOnce(bucket, key, Buffer.from(text), 'application/json');
  if (signature !== undefined) {
    const binary = Buffer.from(signature, 'base64');
    await putOnce(bucket, `${key}.sig`, binary, 'application/octet-stream');
  }
  return { key, sha256, signed: signature !== undefined };
};
