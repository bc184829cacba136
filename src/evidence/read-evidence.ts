import { inWords } from '../aws/errors.ts';
import { byBeginning, isCaseIdOf } from '../case/case.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import type { CustodyEntry } from '../record/evidence-store/custody.ts';
import type { EvidenceStore } from '../record/evidence-store/evidence-store.ts';
import type { EvidenceCase } from '../record/evidence-store/keys.ts';
import { ownShelves, shelfOf } from '../record/evidence-store/keys.ts';
import type { Bucket } from '../record/evidence-store/objects.ts';
import { headOf, listKeys } from '../record/evidence-store/objects.ts';
import type { CollectorOutcome } from '../record/evidence-store/outcome.ts';
import type { Piece } from '../record/evidence-store/piece.ts';
import type { PieceState } from './verifier.ts';

/** A piece, and whether it is still what was collected. */
export interface ReadPiece {
  readonly piece: Piece;
  readonly state: PieceState;
}

/** Everything that is on record of the evidence of a case, as it stands now. */
export interface EvidenceReading {
  readonly pieces: readonly ReadPiece[];
  readonly outcomes: readonly CollectorOutcome[];
  readonly custody: readonly CustodyEntry[];
  /** The key of the latest manifest; absent while the collection has not ended. */
  readonly manifest?: string;
}

/** Reads a piece that lies outside the store; `undefined` for a kind that has none there. */
export type VerifyResource = (piece: Piece) => Promise<PieceState> | undefined;

const isGone = (error: unknown): boolean =>
  error instanceof Error && /^(?:NotFound|NoSuchKey|NoSuchVersion)$/.test(error.name);

/** Compares what S3 has on record of an object with what was put. */
const stateOfObject = async (bucket: Bucket, piece: Piece): Promise<PieceState> => {
  const { object, sha256, bytes } = piece;
  if (object === undefined) return { holds: 'unknown', observed: 'nothing was read' };
  try {
    const found = await headOf(bucket, object);
    const same = found.sha256 === sha256 && found.bytes === bytes;
    return same
      ? { holds: true, observed: 'as it was put' }
      : { holds: false, observed: `CHANGED: SHA-256 ${found.sha256}, ${found.bytes} bytes` };
  } catch (error) {
    return isGone(error)
      ? { holds: false, observed: 'GONE from the store' }
      : { holds: 'unknown', observed: `could not be read: ${inWords(error)}` };
  }
};

const stateOf = async (
  bucket: Bucket,
  verifyResource: VerifyResource,
  piece: Piece,
): Promise<PieceState> => {
  if (piece.object !== undefined) return stateOfObject(bucket, piece);
  try {
    return (await verifyResource(piece)) ?? { holds: 'unknown', observed: 'nothing reads it' };
  } catch (error) {
    return { holds: 'unknown', observed: `could not be read: ${inWords(error)}` };
  }
};

/** The keys of the manifests of a case, the latest last. */
export const manifestKeys = async (
  bucket: Bucket,
  theCase: EvidenceCase,
): Promise<readonly string[]> =>
  (await listKeys(bucket, shelfOf(theCase, 'manifest'))).filter((key) => key.endsWith('.json'));

/** What there is of a case, each piece read back. Changes nothing. */
export const readEvidence = async (
  bucket: Bucket,
  store: EvidenceStore,
  theCase: EvidenceCase,
  verifyResource: VerifyResource,
): Promise<EvidenceReading> => {
  const [pieces, outcomes, custody, manifests] = await Promise.all([
    store.pieces(),
    store.outcomes(),
    store.custody(),
    manifestKeys(bucket, theCase),
  ]);
  const read = await Promise.all(
    pieces.map(async (piece) => ({ piece, state: await stateOf(bucket, verifyResource, piece) })),
  );
  const manifest = manifests.at(-1);
  return { pieces: read, outcomes, custody, ...(manifest === undefined ? {} : { manifest }) };
};

/**
 * The latest case of an instance that has evidence in the store.
 *
 * @throws UnintelligibleEventError where there is none.
 */
export const latestCaseOf = async (
  bucket: Bucket,
  about: Omit<EvidenceCase, 'caseId'>,
): Promise<EvidenceCase> => {
  const { accountId, region, instanceId } = about;
  const folder = `cases/${accountId}/${region}/${instanceId}/`;
  const keys = await listKeys(bucket, folder);
  const caseId = keys
    .flatMap((key) => {
      const [caseId = '', shelf = ''] = key.slice(folder.length).split('/');
      return isCaseIdOf(caseId, instanceId) && ownShelves.has(shelf) ? [caseId] : [];
    })
    .toSorted(byBeginning)
    .at(-1);
  if (caseId === undefined) {
    throw new UnintelligibleEventError(
      `The store ${bucket.name} has no evidence of ${instanceId} in ${region}: name a case, or look whether one was contained with this stack.`,
    );
  }
  return { ...about, caseId };
};
