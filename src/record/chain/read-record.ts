import { EvidenceStoreError } from '../../case/errors.ts';
import type { EvidenceCase } from '../evidence-store/keys.ts';
import { shelfOf } from '../evidence-store/keys.ts';
import type { Bucket } from '../evidence-store/objects.ts';
import type { StoredVersion } from './stored-object.ts';
import { storedObjects } from './stored-object.ts';
import type { KnownHead, RecordWitnesses, VerifiedRecord } from './verify-record.ts';
import { verifyRecord } from './verify-record.ts';

/** A record that has at least one object. */
export type CaseRecord = VerifiedRecord & { readonly head: string };

/** What a record is verified with. */
export type Witnesses = Pick<RecordWitnesses, 'publicKey'> & {
  /** The heads that others know, read after the objects. */
  readonly heads: () => Promise<readonly KnownHead[]>;
};

/** What is read of a record: every version in its folder, or only what a reader sees there. */
export type ReadObjects = (
  bucket: Bucket,
  theCase: EvidenceCase,
) => Promise<readonly StoredVersion[]>;

/**
 * Reads the record of a case from the evidence store, and verifies it.
 *
 * @returns undefined where the case has none.
 * @throws EvidenceStoreError where nothing of what lies there can be believed.
 */
export const readRecord = async (
  bucket: Bucket,
  theCase: EvidenceCase,
  { publicKey, heads }: Witnesses,
  read: ReadObjects,
): Promise<CaseRecord | undefined> => {
  const versions = await read(bucket, theCase);
  if (storedObjects(versions).length === 0) return undefined;
  const record = verifyRecord(versions, { case: theCase, publicKey, heads: await heads() });
  const { head } = record;
  if (head === undefined || record.objects.length === 0) {
    throw new EvidenceStoreError(
      `Nothing in s3://${bucket.name}/${shelfOf(theCase, 'record')} is an object of this case's record: look for the versions that Cordon wrote.`,
    );
  }
  return { ...record, head };
};
