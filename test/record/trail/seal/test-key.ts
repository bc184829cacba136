import { generateKeyPairSync, sign } from 'node:crypto';
import type { Purpose } from '../../../../src/record/trail/seal/statement.ts';
import type { TrailKey } from '../../../../src/record/trail/seal/trail-key.ts';

/** A signing key of this process, as KMS would hold one. */
export const aTrailKey = (purpose: Purpose = 'trail'): TrailKey => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    purpose,
    sign: async (text) => sign('sha256', Buffer.from(text), privateKey).toString('base64'),
    publicKey: async () => publicKey,
  };
};
