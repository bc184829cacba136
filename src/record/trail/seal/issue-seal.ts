import { isBeforeKey, recordTag, sealTag, stale } from '../keys.ts';
import { releaseStepTag } from '../release-tags.ts';
import type { Tags } from '../tags.ts';
import { isCoverable } from './covered-keys.ts';
import { judgeSeal } from './judge-seal.ts';
import { fittingKeys, headInSeal, readSeal, writeSeal } from './seal-value.ts';
import type { SealSubject } from './statement.ts';
import { canonicalText } from './statement.ts';
import type { TrailKey } from './trail-key.ts';

/** What is to be sealed on one resource. */
export interface ToSeal {
  readonly subject: SealSubject;
  /** Identifies the run that signs. */
  readonly run: string;
  readonly at: Date;
  /** Its tags as they were read. */
  readonly present: Tags;
  /** What this run has written to it, or is about to write with the seal. */
  readonly own: Tags;
  /** The head of the record as it stands: 64 hexadecimal digits; absent where no record is kept. */
  readonly head?: string | undefined;
  /** False once the before-values have ended: the new seal must not cover them. */
  readonly carry?: boolean;
}

const compact = (at: Date): string => `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/**
 * What the present seal covers, if it is valid: it shows that Cordon wrote it. Without this a seal at the
 * end of a case would leave its story unsealed. The note of what was given back is renewed only by a run
 * that knows that it still holds. Other tags are not carried over.
 */
const carriedOver = async (
  key: TrailKey,
  { subject, present, carry = true }: ToSeal,
): Promise<{ readonly seq: number; readonly tags: Tags }> => {
  const standing = readSeal(present[sealTag] ?? '');
  if (standing === undefined) return { seq: 0, tags: {} };
  const { state } = judgeSeal(present, subject, { publicKey: await key.publicKey() });
  if (state !== 'sealed') return { seq: 0, tags: {} };
  const covered = standing.covered.filter(
    (one) => one !== releaseStepTag && (carry || !isBeforeKey(one)),
  );
  return {
    seq: standing.seq,
    tags: Object.fromEntries(covered.map((one) => [one, present[one] ?? ''])),
  };
};

const firstMoment = Date.UTC(2026, 0, 1);

/**
 * The number of a seal: one more than that of the seal before it, and at least the seconds since 2026
 * began. Where the seal before it was taken away or changed, its number is not known, and a lower one
 * would look like an older seal to whoever remembers it.
 */
const nextSeq = (before: number, at: Date): number =>
  Math.max(before + 1, Math.floor((at.getTime() - firstMoment) / 1_000));

/** Most important first: what an undo restores, then the case, then its story. */
const byNeed = (a: string, b: string): number => Number(isBeforeKey(b)) - Number(isBeforeKey(a));

/**
 * The tags to write to one resource, with their seal. The seal covers what this run has written, and
 * what a valid earlier seal of the case covered. It never covers values that this run has only read.
 * Tags that somebody changed after this run wrote them are written again.
 *
 * Rejects with what the key answers where it cannot be used.
 */
export const issueSeal = async (key: TrailKey, toSeal: ToSeal): Promise<Tags> => {
  const { subject, run, at, present, head } = toSeal;
  const carried = await carriedOver(key, toSeal);
  // On the instance the whole head stands beside the seal, which has room for its beginning.
  const recorded = head !== undefined && subject.resource === subject.instance;
  const own: Tags = recorded ? { ...toSeal.own, [recordTag]: head } : toSeal.own;
  const tags: Tags = { ...carried.tags, ...own };
  const worthCovering = Object.keys(tags)
    .filter((one) => isCoverable(one) && tags[one] !== stale)
    .toSorted(byNeed);
  const fixed = {
    run,
    seq: nextSeq(carried.seq, at),
    issuedAt: compact(at),
    head: headInSeal(head),
  };
  const covered = fittingKeys(worthCovering, fixed);
  const signature = await key.sign(
    canonicalText({
      ...subject,
      ...fixed,
      purpose: key.purpose,
      tags: Object.fromEntries(covered.map((one) => [one, tags[one] ?? ''])),
    }),
  );
  const changed = Object.entries(own).filter(([one, value]) => present[one] !== value);
  return {
    ...Object.fromEntries(changed),
    [sealTag]: writeSeal({ ...fixed, covered, signature }),
  };
};
