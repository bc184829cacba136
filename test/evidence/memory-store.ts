import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { awsError } from '../steps/aws-error.ts';

const configuration = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
  maxAttempts: 1,
} as const;

const bytesOf = (body: unknown): Buffer =>
  Buffer.from(typeof body === 'string' ? body : (body as Uint8Array));

const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('base64');

/** A bucket in memory, which refuses what S3 refuses of conditional writes. */
export const memoryStore = () => {
  const s3 = new S3Client(configuration);
  const objects = new Map<string, Buffer>();
  const versions = new Map<string, string>();
  const stub = mockClient(s3);
  stub.on(PutObjectCommand).callsFake(({ Key, Body, IfNoneMatch, ChecksumSHA256 }) => {
    if (IfNoneMatch === '*' && objects.has(Key)) throw awsError('PreconditionFailed');
    const content = bytesOf(Body);
    if (ChecksumSHA256 !== digestOf(content)) throw awsError('BadDigest');
    objects.set(Key, content);
    versions.set(Key, `version-${objects.size}`);
    return { VersionId: versions.get(Key) };
  });
  stub.on(HeadObjectCommand).callsFake(({ Key }) => {
    const content = objects.get(Key);
    if (content === undefined) throw awsError('NotFound');
    const VersionId = versions.get(Key);
    return {
      ContentLength: content.length,
      ChecksumSHA256: digestOf(content),
      ...(VersionId === undefined ? {} : { VersionId }),
    };
  });
  stub.on(GetObjectCommand).callsFake(({ Key }) => {
    const content = objects.get(Key);
    if (content === undefined) throw awsError('NoSuchKey');
    return { Body: { transformToByteArray: async () => content } as never };
  });
  stub.on(ListObjectsV2Command).callsFake(({ Prefix }) => ({
    Contents: [...objects.keys()]
      .filter((key) => key.startsWith(Prefix))
      .toSorted()
      .map((Key) => ({ Key })),
  }));
  return { bucket: { s3, name: 'evidence' }, objects, versions, stub };
};
