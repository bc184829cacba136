import type { Batch } from '../journal/batch.ts';
import type { Occasion } from './record-object.ts';

/** Whose batches tell what was going on, the most telling first. */
const byProgram: readonly (readonly [program: string, occasion: Occasion])[] = [
  ['ReleaseFunction', 'release'],
  ['DriftFunction', 'drift'],
  ['EvidenceFunction', 'evidence'],
];

/** What batches that came by the outbox are about. */
export const occasionOf = (batches: readonly Pick<Batch, 'writer'>[]): Occasion =>
  byProgram.find(([program]) => batches.some(({ writer }) => writer.program === program))?.[1] ??
  'later';
