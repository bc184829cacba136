import { randomBytes } from 'node:crypto';
import type { Clock } from '../../aws/clock.ts';
import type { CustodyEntry } from './custody.ts';
import { readCustody, writeCustody } from './custody.ts';
import type { EvidenceCase } from './keys.ts';
import { contentKey, fileName, pieceKey, shelfOf } from './keys.ts';
import type { Bucket } from './objects.ts';
import { getObject, listKeys, putOnce } from './objects.ts';
import type { CollectorOutcome } from './outcome.ts';
import { readOutcome } from './outcome.ts';
import type { NewPiece, Piece } from './piece.ts';
import { readPiece, writePiece } from './piece.ts';

export const storePermissions = ['s3:PutObject', 's3:GetObject', 's3:ListBucket'] as const;

/** The evidence of one case. Nothing in it is ever written over or deleted. */
export interface EvidenceStore {
  /** The name of its bucket, for services of AWS that deliver to it. */
  readonly bucketName: string;
  /** Keeps the content of a piece; one that lies there already stays, and is what is recorded. */
  keep(piece: NewPiece, content: Uint8Array, contentType: string): Promise<Piece>;
  /** Records a piece that lies elsewhere: a snapshot. One that is on record stays as it is there. */
  note(piece: NewPiece): Promise<Piece>;
  /** What is on record of a piece. */
  find(collector: string, name: string): Promise<Piece | undefined>;
  pieces(): Promise<readonly Piece[]>;
  /** Says who had a piece in hand. */
  hand(entry: Pick<CustodyEntry, 'what' | 'piece' | 'detail'>): Promise<void>;
  /** Who had it in hand, in the order of time. */
  custody(): Promise<readonly CustodyEntry[]>;
  /** Says how a collector ended. */
  end(outcome: Omit<CollectorOutcome, 'at'>): Promise<void>;
  outcomes(): Promise<readonly CollectorOutcome[]>;
  /** The keys of what a service of AWS has delivered to a folder beside the case's own. */
  delivered(folder: string): Promise<readonly string[]>;
  /** The content of one of them. */
  read(key: string): Promise<Uint8Array>;
}

export interface StoreDeps {
  readonly bucket: Bucket;
  readonly clock: Clock;
  /** Who works with the evidence: an ARN, or the name of a person. */
  readonly by: string;
}

const json = 'application/json';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const nameOfPiece = ({ collector, name }: Pick<Piece, 'collector' | 'name'>): string =>
  `${collector}/${name}`;

/** Names that sort by time, and that two writers at one moment do not share. */
const momentName = (at: Date): string =>
  `${at.toISOString().replaceAll(/[-:]/g, '')}-${randomBytes(4).toString('hex')}`;

/** Everything that is readable under a folder. */
const readAll = async <Value>(
  bucket: Bucket,
  folder: string,
  read: (text: string) => Value | undefined,
): Promise<readonly Value[]> => {
  const keys = await listKeys(bucket, folder);
  const values = await Promise.all(
    keys.map(async (key) => read(Buffer.from(await getObject(bucket, { key })).toString('utf8'))),
  );
  return values.flatMap((value) => value ?? []);
};

/** The store of one case in a bucket. */
export const openStore = (
  { bucket, clock, by }: StoreDeps,
  theCase: EvidenceCase,
): EvidenceStore => {
  const hand: EvidenceStore['hand'] = async (entry) => {
    const at = clock.now();
    const key = `${shelfOf(theCase, 'custody')}${momentName(at)}.json`;
    const text = writeCustody({ ...entry, at: at.toISOString(), by });
    await putOnce(bucket, key, bytesOf(text), json);
  };
  const record = async (piece: Piece): Promise<Piece> => {
    const key = pieceKey(theCase, piece.collector, piece.name);
    const { put } = await putOnce(bucket, key, bytesOf(writePiece(piece)), json);
    if (!put) return (await find(piece.collector, piece.name)) ?? piece;
    await hand({ what: 'collected', piece: nameOfPiece(piece) });
    return piece;
  };
  const find: EvidenceStore['find'] = async (collector, name) => {
    const folder = pieceKey(theCase, collector, name);
    const [found] = await readAll(bucket, folder, readPiece);
    return found;
  };
  const now = () => ({ collectedAt: clock.now().toISOString(), by });
  return {
    bucketName: bucket.name,
    hand,
    find,
    note: (piece) => record({ ...piece, ...now() }),
    keep: async (piece, content, contentType) => {
      const key = contentKey(theCase, piece.collector, piece.name);
      const { put, bytes, sha256, versionId } = await putOnce(bucket, key, content, contentType);
      const note = put
        ? piece.note
        : 'Other content lay there already, of an earlier run or of somebody else.';
      return record({ ...piece, ...now(), object: { key, versionId }, bytes, sha256, note });
    },
    pieces: () => readAll(bucket, shelfOf(theCase, 'pieces'), readPiece),
    end: async (outcome) => {
      const at = clock.now();
      const name = `${momentName(at)}-${fileName(outcome.collector)}.json`;
      const text = `${JSON.stringify({ ...outcome, at: at.toISOString() })}\n`;
      await putOnce(bucket, `${shelfOf(theCase, 'outcomes')}${name}`, bytesOf(text), json);
    },
    outcomes: () => readAll(bucket, shelfOf(theCase, 'outcomes'), readOutcome),
    custody: () => readAll(bucket, shelfOf(theCase, 'custody'), readCustody),
    delivered: (folder) => listKeys(bucket, folder),
    read: (key) => getObject(bucket, { key }),
  };
};
