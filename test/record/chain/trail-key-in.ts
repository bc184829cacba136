import { createHash, createPublicKey } from 'node:crypto';
import type { KMSClient } from '@aws-sdk/client-kms';
import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import type { TrailKey } from '../../../src/record/trail/seal/trail-key.ts';

/** The key of a stack, as a function of it would use it. */
export const trailKeyIn = (kms: KMSClient, KeyId: string): TrailKey => ({
  purpose: 'trail',
  sign: async (text) => {
    const { Signature = new Uint8Array() } = await kms.send(
      new SignCommand({
        KeyId,
        Message: createHash('sha256').update(text).digest(),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      }),
    );
    return Buffer.from(Signature).toString('base64');
  },
  publicKey: async () => {
    const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId }));
    return createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  },
});
