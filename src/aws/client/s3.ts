import { S3Client } from '@aws-sdk/client-s3';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import { hasOverride } from '../endpoint-overrides.ts';
import { codeOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { repeatRefusals } from '../repeat-refusals.ts';

/** Pieces of evidence may be large, so an answer may take this long, in milliseconds. */
const patientTimeout = 30_000;

/**
 * Another conditional put of the same key was under way
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
 */
const isConflict = (error: unknown): boolean => codeOf(error) === 'ConditionalRequestConflict';

/**
 * A client in the Region and with the credentials of the environment. Other endpoints than AWS's own
 * know no buckets by their host names, so there a bucket is named in the path.
 */
export const makeS3Client = (log: Log, region?: string): S3Client => {
  const client = new S3Client({
    ...clientConfiguration,
    requestHandler: { ...clientConfiguration.requestHandler, requestTimeout: patientTimeout },
    forcePathStyle: hasOverride(process.env),
    ...defined({ region }),
  });
  return equip(repeatRefusals(client, isConflict), log);
};
