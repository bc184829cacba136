import { makeEbsClient } from '../src/aws/client/ebs.ts';
import { makeS3Client } from '../src/aws/client/s3.ts';
import { underCase } from '../src/aws/current-case.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { answerHash, parseHashEvent } from '../src/evidence/memory/read-segment.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { withoutStack } from '../src/lambda/without-stack.ts';

const log = makeLogger({ function: 'hash-blocks' });
const ebs = makeEbsClient(log);
const s3 = makeS3Client(log);

/** Reads the blocks of a segment of a snapshot, or makes the hash of all of them. */
export const handler = async (event: unknown): Promise<object> => {
  try {
    const asked = parseHashEvent(event);
    const bucket = { s3, name: process.env.EVIDENCE_STORE ?? '' };
    return await underCase(asked.case.caseId, () => answerHash({ ebs, bucket }, asked));
  } catch (error) {
    throw withoutStack(asCordonError(error, 'Reading the blocks of an image'), log);
  }
};
