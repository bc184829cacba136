import type { ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { EvidenceCase } from '../evidence-store/keys.ts';
import { shelfOf } from '../evidence-store/keys.ts';
import type { Bucket } from '../evidence-store/objects.ts';
import { getObject, listKeys } from '../evidence-store/objects.ts';
import type { StoredVersion } from './stored-object.ts';
import { numberOf } from './stored-object.ts';

interface Listed {
  readonly key: string;
  readonly versionId?: string;
  readonly isMarker: boolean;
}

/** Versions at once. */
const width = 10;

const listedIn = ({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput) => [
  ...Versions.map((one) => ({ ...one, isMarker: false })),
  ...DeleteMarkers.map((one) => ({ ...one, isMarker: true })),
];

/**
 * Every version under a folder, delete markers too, of each key the newest first
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html).
 */
const listVersions = async ({ s3, name }: Bucket, folder: string): Promise<readonly Listed[]> => {
  const listed: Listed[] = [];
  let from: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (from !== undefined) {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket: name, Prefix: folder, ...from }),
    );
    for (const { Key: key = '', VersionId: versionId, isMarker } of listedIn(page)) {
      // A bucket that never had versions calls its only one `null`.
      const named = versionId === undefined || versionId === 'null' ? {} : { versionId };
      listed.push({ key, ...named, isMarker });
    }
    const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = page;
    from =
      IsTruncated === true && NextKeyMarker !== undefined
        ? {
            KeyMarker: NextKeyMarker,
            ...(NextVersionIdMarker === undefined ? {} : { VersionIdMarker: NextVersionIdMarker }),
          }
        : undefined;
  }
  return listed;
};

/**
 * A reader may see an object before the signature beside it or the table that names it, so that a record is
 * called broken only after a second read, so many milliseconds later.
 */
export const betweenReads = 5_000;

const readAll = async (
  bucket: Bucket,
  listed: readonly Listed[],
): Promise<readonly StoredVersion[]> => {
  const read: StoredVersion[] = [];
  const readOne = async ({ isMarker, ...one }: Listed): Promise<StoredVersion> => ({
    ...one,
    bytes: isMarker ? undefined : await getObject(bucket, one),
  });
  for (let at = 0; at < listed.length; at += width) {
    read.push(...(await Promise.all(listed.slice(at, at + width).map(readOne))));
  }
  return read;
};

/**
 * Reads every version of every object of a record, with those that somebody put over or hid.
 *
 * @throws what S3 answers where it cannot be listed or read.
 */
export const readVersions = async (
  bucket: Bucket,
  theCase: EvidenceCase,
): Promise<readonly StoredVersion[]> =>
  readAll(bucket, await listVersions(bucket, shelfOf(theCase, 'record')));

/**
 * Reads what a reader sees of the objects of a record, up to one that is known to be whole: another may be
 * being put behind it.
 *
 * @throws what S3 answers where it cannot be listed or read.
 */
export const readLatest =
  (upTo: number) =>
  async (bucket: Bucket, theCase: EvidenceCase): Promise<readonly StoredVersion[]> => {
    const keys = await listKeys(bucket, shelfOf(theCase, 'record'));
    const wanted = keys.filter((key) => (numberOf(key) ?? upTo + 1) <= upTo);
    return readAll(
      bucket,
      wanted.map((key) => ({ key, isMarker: false })),
    );
  };
