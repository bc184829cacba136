import type { KeyObject } from 'node:crypto';
import { createHash, verify } from 'node:crypto';
import * as z from 'zod/mini';
import { inWords } from '../aws/errors.ts';
import type { EvidenceCase } from '../record/evidence-store/keys.ts';
import { caseFolder, shelfOf } from '../record/evidence-store/keys.ts';
import type { Bucket } from '../record/evidence-store/objects.ts';
import { getObject, headOf, listKeys } from '../record/evidence-store/objects.ts';

/** A manifest as it lies in the store. */
export interface ReadManifest {
  readonly text: Uint8Array;
  /** ECDSA over the SHA-256 of the text, in DER; absent where it was not signed. */
  readonly signature?: Uint8Array;
}

const schema = z.looseObject({
  purpose: z.literal('evidence-manifest'),
  caseId: z.string(),
  objects: z.array(
    z.object({
      key: z.string(),
      versionId: z.optional(z.string()),
      bytes: z.number(),
      sha256: z.string(),
    }),
  ),
});

type Listed = z.infer<typeof schema>['objects'][number];

/** Reads a manifest and its signature. */
export const readManifest = async (bucket: Bucket, key: string): Promise<ReadManifest> => {
  const text = await getObject(bucket, { key });
  try {
    return { text, signature: await getObject(bucket, { key: `${key}.sig` }) };
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return { text };
    throw error;
  }
};

/** What a text says as JSON; undefined where it is none. */
const parsed = (text: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(text).toString('utf8'));
  } catch {
    return undefined;
  }
};

/** What is wrong with one object that the manifest lists; undefined: nothing. */
const complaintOf = async (bucket: Bucket, listed: Listed): Promise<string | undefined> => {
  try {
    const content = await getObject(bucket, listed);
    const sha256 = createHash('sha256').update(content).digest('hex');
    if (sha256 === listed.sha256 && content.length === listed.bytes) return undefined;
    return `CHANGED ${listed.key}: SHA-256 ${sha256}, the manifest has ${listed.sha256}`;
  } catch (error) {
    return `UNREADABLE ${listed.key}: ${inWords(error)}`;
  }
};

/** Objects at once. */
const width = 10;

/** What lies under a listed name is not what was listed: a delete marker, or another object put after one. */
const hiddenIn = async (
  bucket: Bucket,
  listed: readonly Listed[],
  present: ReadonlySet<string>,
): Promise<readonly string[]> => {
  const complaints: string[] = [];
  const look = async ({ key, versionId }: Listed): Promise<string | undefined> => {
    if (versionId === undefined) return undefined;
    if (!present.has(key)) return `HIDDEN ${key}: somebody has put a delete marker on it`;
    const { versionId: now } = await headOf(bucket, { key });
    return now === versionId
      ? undefined
      : `REPLACED ${key}: version ${now} was put over ${versionId}`;
  };
  for (let at = 0; at < listed.length; at += width) {
    const seen = listed
      .slice(at, at + width)
      .map((one) =>
        look(one).catch((error: unknown) => `UNREADABLE ${one.key}: ${inWords(error)}`),
      );
    complaints.push(...(await Promise.all(seen)).flatMap((one) => one ?? []));
  }
  return complaints;
};

/**
 * Reads every object that a manifest lists, and compares it byte by byte with the hashes there.
 *
 * @param publicKey of the trail; absent where it could not be had.
 * @returns one sentence for each thing that is not as it was; nothing where everything is.
 */
export const verifyManifest = async (
  bucket: Bucket,
  theCase: EvidenceCase,
  { text, signature }: ReadManifest,
  publicKey: KeyObject | undefined,
): Promise<readonly string[]> => {
  const complaints: string[] = [];
  if (signature === undefined) complaints.push('NOT SIGNED: nobody vouches for the manifest');
  else if (publicKey === undefined)
    complaints.push('UNVERIFIABLE: the public key could not be had');
  else if (!verify('sha256', text, publicKey, signature)) {
    complaints.push('BROKEN: the signature is not of this manifest');
  }
  const { data } = schema.safeParse(parsed(text));
  if (data === undefined || data.caseId !== theCase.caseId) {
    return [...complaints, 'UNREADABLE: it is no manifest of this case'];
  }
  for (const listed of data.objects) {
    const complaint = await complaintOf(bucket, listed);
    if (complaint !== undefined) complaints.push(complaint);
  }
  const known = new Set(data.objects.map(({ key }) => key));
  // Entries of custody come after every manifest, and so do objects of the record, each of which vouches
  // for the one before; what else is new was not vouched for by this manifest.
  const later = (['custody', 'manifest', 'record'] as const).map((one) => shelfOf(theCase, one));
  const keys = await listKeys(bucket, caseFolder(theCase));
  const unlisted = keys.filter(
    (key) => !known.has(key) && !later.some((one) => key.startsWith(one)),
  );
  const hidden = await hiddenIn(bucket, data.objects, new Set(keys));
  return [
    ...complaints,
    ...hidden,
    ...unlisted.map((key) => `NOT LISTED ${key}: put after the manifest`),
  ];
};
