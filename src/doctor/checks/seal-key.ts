import { createHash } from 'node:crypto';
import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import { codeOf } from '../../aws/errors.ts';
import { sealingPermissions } from '../../aws/trail-key.ts';
import type { Check } from '../check.ts';
import { fail, ok } from '../check.ts';
import { outputOf } from '../stack-now.ts';

/** What KMS answers of a key that cannot be used now. */
const unusable: Readonly<Record<string, string>> = {
  DisabledException: 'is disabled',
  KMSInvalidStateException: 'cannot be used: it may be scheduled for deletion',
  NotFoundException: 'does not exist',
};

/**
 * Whether trails can be sealed. KMS tries the signature, and makes none
 * (https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html).
 */
export const sealKey: Check = {
  name: 'key',
  permissions: sealingPermissions,
  look: async ({ clients, stack }) => {
    const KeyId = outputOf(await stack, 'TrailKeyArn');
    try {
      await clients.kms.send(new GetPublicKeyCommand({ KeyId }));
      await clients.kms.send(
        new SignCommand({
          KeyId,
          Message: createHash('sha256').digest(),
          MessageType: 'DIGEST',
          SigningAlgorithm: 'ECDSA_SHA_256',
          DryRun: true,
        }),
      );
    } catch (error) {
      const state = unusable[codeOf(error)];
      if (state !== undefined) {
        return fail(
          `the key of the trail ${state}: tags would be unsealed`,
          'enable it, or cancel its deletion, in KMS',
        );
      }
      if (codeOf(error) !== 'DryRunOperationException') throw error;
    }
    return ok('the key of the trail can sign');
  },
};
