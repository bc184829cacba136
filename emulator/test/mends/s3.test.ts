import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { clientConfiguration } from '../../world/world-clients.ts';
import { useEmulator } from '../fixture.ts';

const aws = useEmulator();

test('of several puts of one name that want to be the first, one is', async () => {
  const s3 = new S3Client({
    ...clientConfiguration(aws.emulator),
    forcePathStyle: true,
    maxAttempts: 1,
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'evidence' }));
  const puts = Array.from({ length: 20 }, (_, n) =>
    s3.send(
      new PutObjectCommand({ Bucket: 'evidence', Key: 'a', Body: String(n), IfNoneMatch: '*' }),
    ),
  );
  const ended = await Promise.allSettled(puts);
  const refused = ended.filter((one) => one.status === 'rejected');
  expect(refused).toHaveLength(19);
  for (const { reason } of refused) expect(reason).toMatchObject({ name: 'PreconditionFailed' });
});
