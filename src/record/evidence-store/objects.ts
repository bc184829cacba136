import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { codeOf } from '../../aws/errors.ts';
import { AwsUnavailableError, EvidenceStoreError } from '../../case/errors.ts';
import type { StoredObject } from './piece.ts';

/** The bucket of a store. */
export interface Bucket {
  readonly s3: S3Client;
  readonly name: string;
}

/** What lies in the store, by its content. */
export interface Content extends StoredObject {
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** It lay there already. */
const isThere = (error: unknown): boolean => codeOf(error) === 'PreconditionFailed';

/** Another is being put at this moment, and may fail. */
const isContended = (error: unknown): boolean => codeOf(error) === 'ConditionalRequestConflict';

const hex = (base64: string | undefined): string =>
  Buffer.from(base64 ?? '', 'base64').toString('hex');

/**
 * What lies under a key, as S3 has it on record.
 *
 * @throws EvidenceStoreError where it bears no SHA-256 of the whole: Cordon did not put it.
 */
export const headOf = async (
  { s3, name }: Bucket,
  { key, versionId }: StoredObject,
): Promise<Content> => {
  const head = await s3.send(
    new HeadObjectCommand({
      Bucket: name,
      Key: key,
      VersionId: versionId,
      ChecksumMode: 'ENABLED',
    }),
  );
  if (head.ChecksumSHA256 === undefined || head.ChecksumSHA256.includes('-')) {
    throw new EvidenceStoreError(
      `s3://${name}/${key} was not put by Cordon: it has no SHA-256; look who put it.`,
    );
  }
  return {
    key,
    versionId: head.VersionId,
    bytes: head.ContentLength ?? 0,
    sha256: hex(head.ChecksumSHA256),
  };
};

/**
 * Puts an object once. One that lies there already stays, whatever it is: evidence is never written
 * over (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
 *
 * @returns what lies there now, and whether this call has put it.
 * @throws EvidenceStoreError where something lies there that Cordon did not put.
 */
export const putOnce = async (
  bucket: Bucket,
  key: string,
  body: Uint8Array,
  contentType: string,
): Promise<Content & { readonly put: boolean }> => {
  const digest = createHash('sha256').update(body).digest();
  try {
    const { VersionId } = await bucket.s3.send(
      new PutObjectCommand({
        Bucket: bucket.name,
        Key: key,
        Body: body,
        ContentType: contentType,
        IfNoneMatch: '*',
        // With a retention, S3 wants the algorithm named beside the checksum
        // (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html).
        ChecksumAlgorithm: 'SHA256',
        ChecksumSHA256: digest.toString('base64'),
      }),
    );
    const sha256 = digest.toString('hex');
    return { key, versionId: VersionId, bytes: body.length, sha256, put: true };
  } catch (error) {
    if (isContended(error)) {
      throw new AwsUnavailableError(`Somebody else puts ${key} at this moment.`, { cause: error });
    }
    if (!isThere(error)) throw error;
    const there = await headOf(bucket, { key });
    // An answer that was lost looks so too: the same content is what was to be put.
    return { ...there, put: there.sha256 === digest.toString('hex') };
  }
};

/** The content of a version of an object, or of its latest. */
export const getObject = async (
  { s3, name }: Bucket,
  { key, versionId }: StoredObject,
): Promise<Uint8Array> => {
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: name, Key: key, VersionId: versionId }),
  );
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
};

/** The keys under a folder, in the order of the alphabet. */
export const listKeys = async (
  { s3, name }: Bucket,
  folder: string,
): Promise<readonly string[]> => {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: name, Prefix: folder },
  )) {
    keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
  }
  return keys;
};
