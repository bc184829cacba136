import type { Piece } from '../record/evidence-store/piece.ts';
import type { Progress } from './collector.ts';

const bytesInWords = (bytes: number): string =>
  bytes < 10_000 ? `${bytes} bytes` : `${Math.round(bytes / 1_000)} kB`;

/** The end of a collector that has kept one piece. */
export const kept = ({ what, bytes = 0, sha256 = '' }: Piece): Progress => ({
  outcome: 'done',
  sentence: `${what}: ${bytesInWords(bytes)}, SHA-256 ${sha256.slice(0, 16)}….`,
});

/** The request that a piece comes from, for who compares it with CloudTrail. */
export const requestOf = (answer: {
  readonly $metadata: { readonly requestId?: string | undefined };
}): string => `request ${answer.$metadata.requestId ?? 'unknown'}`;
