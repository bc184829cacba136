import type { StepEntry } from '../case/step.ts';
import type { Batch } from '../record/journal/batch.ts';
import { packBatch, unpackBatch } from '../record/journal/batch.ts';

/** The key under which the result of a step carries what it noted. */
const carriedKey = 'journal';

/**
 * The most that a result carries, in characters of base64: the results of all steps share the 256 KiB of a
 * state (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). The few that the cut waits
 * for always carry what they noted; the many others only where the table does not take it.
 */
export const longestCarried = { onThePath: 12_000, elsewhere: 4_000 } as const;

/** Between packed batches, whose base64 has no such sign. */
const between = '.';

/**
 * A step's entry with what it noted; undefined where that is too much for the state of a run.
 *
 * @param longest in characters of base64.
 */
export const withJournal = (
  entry: StepEntry,
  batches: readonly Batch[],
  longest: number,
): StepEntry | undefined => {
  const packed = batches
    .map((batch) => Buffer.from(packBatch(batch)).toString('base64'))
    .join(between);
  return packed.length > longest
    ? undefined
    : Object.assign({ ...entry }, { [carriedKey]: packed });
};

/** An entry as reports and messages have it. */
export const withoutJournal = <Entry extends StepEntry>(entry: Entry): Entry => {
  const { [carriedKey]: _, ...rest } = entry as Entry & Record<string, unknown>;
  return rest as unknown as Entry;
};

/**
 * The batches that a step's result carries, in its own place alone: what a step has read stands deeper in its
 * detail, and a tag of the instance may have the same name.
 */
export const carriedBatches = (entry: StepEntry): readonly Batch[] => {
  const packed = (entry as StepEntry & Readonly<Record<string, unknown>>)[carriedKey];
  return typeof packed === 'string'
    ? packed.split(between).flatMap((one) => unpackBatch(Buffer.from(one, 'base64')) ?? [])
    : [];
};
