import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import type { KMSClient } from '@aws-sdk/client-kms';
import { GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { makeKmsClient } from './client/kms.ts';
import type { Deps } from './clients.ts';

export const verifyingPermission = 'kms:GetPublicKey';

/** Reads the key with which everybody can verify what the stack has signed. */
const readPublicKey = async (kms: KMSClient, keyArn: string): Promise<KeyObject> => {
  const { PublicKey = new Uint8Array() } = await kms.send(
    new GetPublicKeyCommand({ KeyId: keyArn }),
  );
  return createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
};

/** `arn:<partition>:kms:<region>:…` */
export const regionOfKey = (arn: string): string => arn.split(':')[3] ?? '';

/** One public key per container and ARN: it never changes. */
const known = new Map<string, Promise<KeyObject>>();

const readOnce = (log: Deps['log'], keyArn: string): Promise<KeyObject> => {
  const reading =
    known.get(keyArn) ?? readPublicKey(makeKmsClient(log, regionOfKey(keyArn)), keyArn);
  known.set(keyArn, reading);
  reading.catch(() => known.delete(keyArn));
  return reading;
};

/**
 * How to get the key that verifies trails, where the settings or a stack name one; the client is made
 * only when it is asked for, because nothing on the way to the cut needs it.
 */
export const publicTrailKeyOf = async ({
  settings: { trailKeyArn },
  stackTrailKeyArn,
  log,
}: Deps): Promise<(() => Promise<KeyObject>) | undefined> => {
  const arn = (await stackTrailKeyArn) ?? trailKeyArn;
  return arn === '' ? undefined : () => readOnce(log, arn);
};
