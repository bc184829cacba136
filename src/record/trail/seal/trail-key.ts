import type { KeyObject } from 'node:crypto';
import type { Purpose } from './statement.ts';

/** The key that seals trails, as far as this run may use it. */
export interface TrailKey {
  /** As whom this run signs. */
  readonly purpose: Purpose;
  /**
   * The ECDSA signature over the SHA-256 of a text in UTF-8, in DER, in base64. Rejects where the key
   * cannot be used.
   */
  sign(text: string): Promise<string>;
  /** Rejects where the public key cannot be had. */
  publicKey(): Promise<KeyObject>;
}
