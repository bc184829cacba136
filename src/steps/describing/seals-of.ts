import type { KeyObject } from 'node:crypto';
import type { Deps } from '../../aws/clients.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import { inWords } from '../../aws/errors.ts';
import type { Before } from '../../case/before.ts';
import { sealTag } from '../../record/trail/keys.ts';
import type { OpenCase } from '../../record/trail/open-case.ts';
import type { Seals } from '../../record/trail/seal/judge-trail.ts';
import { judgeTrail, tagsByResource } from '../../record/trail/seal/judge-trail.ts';
import { latestSeals } from '../../record/trail/seal/latest-seals.ts';

/** The key is waited for so long, in milliseconds: the cut waits behind it. */
const longestForKey = 3_000;

export type SealReader = Pick<Deps, 'clock' | 'log'> & {
  /** The key that verifies trails; undefined where nothing names one. */
  readonly publicTrailKey?: () => Promise<KeyObject | undefined>;
};

/**
 * What the seals of a trail that is there already say: in a repeat, which has the round trip to spare
 * for it. Each tag is read once, so that a seal may seem broken which AWS shows too early; then nothing
 * of its resource is kept, and nothing of it is written over.
 */
export const sealsOf = async (
  { publicTrailKey, clock, log }: SealReader,
  { instance }: Before,
  open: OpenCase | undefined,
): Promise<Seals> => {
  const tags = Object.values(tagsByResource(instance));
  if (publicTrailKey === undefined || open === undefined) return {};
  if (!tags.some((one) => one[sealTag] !== undefined)) return {};
  try {
    const key = await giveUpAfter(clock, longestForKey, publicTrailKey);
    if (key === undefined) return {};
    return judgeTrail(
      instance,
      open.caseId,
      key,
      open.journal === undefined ? {} : latestSeals([open.journal], open.caseId),
    );
  } catch (error) {
    log.warn('the seals of the trail could not be verified', { error: inWords(error) });
    return {};
  }
};
