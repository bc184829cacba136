import { GetObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import { codeOf } from '../../aws/errors.ts';
import type { Check } from '../check.ts';
import { fail, ok } from '../check.ts';
import { outputOf } from '../stack-now.ts';

/** Whether there is a store, in which no piece can be deleted. */
export const evidenceStore: Check = {
  name: 'evidence',
  permissions: ['s3:GetBucketObjectLockConfiguration'],
  look: async ({ clients, stack }) => {
    const bucket = outputOf(await stack, 'EvidenceStoreName');
    const unlocked = fail(
      `the store ${bucket} locks nothing: evidence can be deleted`,
      'switch Object Lock with a default retention on: docs/evidence.md',
    );
    try {
      const { ObjectLockConfiguration: lock } = await clients.s3.send(
        new GetObjectLockConfigurationCommand({ Bucket: bucket }),
      );
      const { Mode, Days, Years } = lock?.Rule?.DefaultRetention ?? {};
      if (lock?.ObjectLockEnabled !== 'Enabled' || Mode === undefined) return unlocked;
      const time = Years === undefined ? `${Days ?? 0} days` : `${Years} years`;
      return ok(`the store ${bucket} keeps everything for ${time} (${Mode})`);
    } catch (error) {
      if (codeOf(error) === 'ObjectLockConfigurationNotFoundError') return unlocked;
      if (codeOf(error) !== 'NoSuchBucket') throw error;
      return fail(`the store ${bucket} does not exist`, 'deploy with another EvidenceBucket');
    }
  },
};
