import type { KeyObject } from 'node:crypto';
import { verify } from 'node:crypto';
import { caseInstanceOf } from '../../../case/case.ts';
import { caseTag, sealTag, stale } from '../keys.ts';
import type { Tags } from '../tags.ts';
import type { Seal } from './seal-value.ts';
import { readSeal } from './seal-value.ts';
import type { Purpose, SealSubject, Statement } from './statement.ts';
import { canonicalText, purposes, unknownTime } from './statement.ts';

/**
 * `sealed`: genuine and the latest that is known. `replayed`: genuine and out of date. `copied`:
 * genuine, of another resource. `broken`: somebody changed what was sealed. `unsealed`: no seal.
 * `unverifiable`: there is a seal, and nobody has the key to verify it.
 */
export type SealState = 'sealed' | 'replayed' | 'copied' | 'broken' | 'unsealed' | 'unverifiable';

export interface SealJudgement {
  readonly state: SealState;
  /** Who signed, where that was verified. */
  readonly signer?: Purpose;
  readonly seal?: Seal;
  /** Why, in words. */
  readonly why: string;
}

/** What beside the tags of a resource is needed to judge its seal. */
export interface SealWitness {
  /** The public key of the stack; undefined where it could not be had. */
  readonly publicKey: KeyObject | undefined;
  /** The latest seal of this resource that the execution's history or the local journal knows. */
  readonly latest?: string | undefined;
  /** Other resources of the same instance, whose seals may have been copied here. */
  readonly siblings?: readonly string[];
}

const coveredTags = (tags: Tags, covered: readonly string[]): Tags =>
  Object.fromEntries(covered.map((key) => [key, tags[key] ?? '']));

const verifies = (
  publicKey: KeyObject,
  statement: Omit<Statement, 'purpose'>,
  signature: string,
): Purpose | undefined =>
  purposes.find((purpose) => {
    const text = canonicalText({ ...statement, purpose });
    return verify('sha256', Buffer.from(text), publicKey, Buffer.from(signature, 'base64'));
  });

/** A later seal of the same resource is known than the one that stands in its tag. */
const isOutOfDate = (seal: Seal, known: string | undefined): boolean => {
  const latest = readSeal(known ?? '');
  if (latest === undefined) return false;
  return seal.seq < latest.seq || (seal.seq === latest.seq && seal.signature !== latest.signature);
};

/** The case that the tags name is another instance's: images and launch templates copy tags. */
const namesAnother = (tags: Tags, instance: string): boolean => {
  const named = caseInstanceOf(tags[caseTag] ?? '');
  return named !== undefined && named !== instance;
};

/**
 * Judges the seal of one resource against its tags as they were read. Pure: two reads, where the
 * first says `broken`, are the caller's.
 *
 * @param subject the resource and its case, as AWS and the trail name them.
 */
export const judgeSeal = (
  tags: Tags,
  subject: SealSubject,
  { publicKey, latest, siblings = [] }: SealWitness,
): SealJudgement => {
  const value = tags[sealTag];
  if (value === undefined || value === stale) {
    return latest === undefined
      ? { state: 'unsealed', why: 'it has no seal' }
      : { state: 'broken', why: 'its seal was taken away' };
  }
  if (namesAnother(tags, subject.instance)) {
    return { state: 'copied', why: `its tags are of ${caseInstanceOf(tags[caseTag] ?? '')}` };
  }
  const seal = readSeal(value);
  if (seal === undefined) {
    return { state: 'broken', why: 'its seal has no form that Cordon writes' };
  }
  if (publicKey === undefined) {
    return { state: 'unverifiable', seal, why: 'the key that verifies it could not be had' };
  }
  const missing = seal.covered.filter((key) => tags[key] === undefined);
  if (missing.length > 0) {
    return { state: 'broken', seal, why: `${missing.join(', ')} was taken away` };
  }
  const { run, seq, issuedAt, head, signature } = seal;
  const its = { run, seq, issuedAt, head, tags: coveredTags(tags, seal.covered) };
  const signer = verifies(publicKey, { ...subject, ...its }, signature);
  if (signer !== undefined) {
    return isOutOfDate(seal, latest)
      ? { state: 'replayed', seal, signer, why: 'a later seal of it is known' }
      : { state: 'sealed', seal, signer, why: 'its tags are as they were sealed' };
  }
  const origin = siblings.find(
    (resource) => verifies(publicKey, { ...subject, ...its, resource }, signature) !== undefined,
  );
  if (origin === undefined && subject.launchTime === unknownTime) {
    return { state: 'unverifiable', seal, why: 'AWS does not tell when the instance was made' };
  }
  return origin === undefined
    ? { state: 'broken', seal, why: `one of ${seal.covered.join(', ')} is not as it was sealed` }
    : { state: 'copied', seal, why: `its tags are those of ${origin}` };
};
