import { createHash } from 'node:crypto';
import { SignCommand } from '@aws-sdk/client-kms';
import type { TrailKey } from '../record/trail/seal/trail-key.ts';
import { makeKmsClient } from './client/kms.ts';
import type { Deps } from './clients.ts';
import { publicTrailKeyOf, regionOfKey, verifyingPermission } from './public-trail-key.ts';

export const sealingPermissions = ['kms:Sign', verifyingPermission] as const;

/**
 * The signing key of the stack, where the settings or a stack name one. The digest is what is signed,
 * because KMS takes at most 4,096 bytes of a message
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html).
 */
export const trailKeyOf = async (deps: Deps): Promise<{ readonly trailKey?: TrailKey }> => {
  const { settings, stackTrailKeyArn, sealsAs = 'trail', log } = deps;
  const keyArn = (await stackTrailKeyArn) ?? settings.trailKeyArn;
  const publicKey = await publicTrailKeyOf(deps);
  if (publicKey === undefined) return {};
  const kms = makeKmsClient(log, regionOfKey(keyArn));
  return {
    trailKey: {
      purpose: sealsAs,
      sign: async (text) => {
        const { Signature = new Uint8Array() } = await kms.send(
          new SignCommand({
            KeyId: keyArn,
            Message: createHash('sha256').update(text, 'utf8').digest(),
            MessageType: 'DIGEST',
            SigningAlgorithm: 'ECDSA_SHA_256',
          }),
        );
        return Buffer.from(Signature).toString('base64');
      },
      publicKey,
    },
  };
};
