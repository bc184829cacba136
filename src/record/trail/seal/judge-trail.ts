import type { KeyObject } from 'node:crypto';
import type { Instance } from '../../../case/before.ts';
import { movableInterfaces } from '../../../case/before.ts';
import { quoted } from '../../../case/quoted.ts';
import { isBeforeKey, sealTag, stale } from '../keys.ts';
import type { Tags, TagsByResource } from '../tags.ts';
import type { SealJudgement, SealState } from './judge-seal.ts';
import { judgeSeal } from './judge-seal.ts';
import { sealSubject } from './seal-subject.ts';

/** What is known of the seals of an instance and of what hangs on it, by resource. */
export type Seals = Readonly<Record<string, SealJudgement>>;

/** The tags of the instance and of what hangs on it, as they were read with it. */
export const tagsByResource = (instance: Instance): TagsByResource =>
  Object.fromEntries([
    [instance.id, instance.tags],
    ...movableInterfaces(instance).map(({ id, cordonTags = {} }) => [id, cordonTags] as const),
    ...instance.volumes.map(({ id, cordonTags = {} }) => [id, cordonTags] as const),
  ]);

const remembers = (tags: Tags): boolean =>
  Object.entries(tags).some(([key, value]) => isBeforeKey(key) && value !== stale);

/** A resource that has a seal or before-values; a release removes both together. */
const isToBeJudged = (tags: Tags): boolean => tags[sealTag] !== undefined || remembers(tags);

/**
 * Judges the seal of every resource that remembers something of the case.
 *
 * @param latest the latest seals that the execution's history or the local journal knows.
 */
export const judgeTrail = (
  instance: Instance,
  caseId: string,
  publicKey: KeyObject | undefined,
  latest: Readonly<Record<string, string>>,
): Seals => {
  const all = tagsByResource(instance);
  const ids = Object.keys(all);
  return Object.fromEntries(
    Object.entries(all)
      .filter(([, tags]) => isToBeJudged(tags))
      .map(([id, tags]) => [
        id,
        judgeSeal(tags, sealSubject(instance, caseId, id), {
          publicKey,
          latest: latest[id],
          siblings: ids.filter((other) => other !== id),
        }),
      ]),
  );
};

const forged: ReadonlySet<SealState> = new Set(['broken', 'replayed', 'copied']);

/** Whether the values beside such a seal must neither be kept nor restored. */
export const isForged = ({ state }: SealJudgement): boolean => forged.has(state);

/** What the seals say, and what the execution's history or the local journal knows was written. */
export interface TrailWitness {
  readonly seals: Seals;
  readonly known: TagsByResource;
}

/**
 * Whether a before-value may be what Cordon wrote. A value that somebody has added beside a genuine
 * seal is not covered by it; one that found no room in the seal is known to the history.
 */
const mayBeOurs = (
  { seals, known }: TrailWitness,
  id: string,
  key: string,
  value: string,
): boolean => {
  const seal = seals[id];
  if (seal === undefined || !isBeforeKey(key)) return true;
  if (seal.state !== 'sealed') return !isForged(seal);
  return seal.seal?.covered.includes(key) === true || known[id]?.[key] === value;
};

/**
 * The before-values that the seals show to be somebody else's, quoted, for people to be told of.
 *
 * @param besides only those that were added beside a genuine seal.
 */
export const forgedValues = (
  instance: Instance,
  witness: TrailWitness,
  besides = false,
): readonly string[] =>
  Object.entries(tagsByResource(instance)).flatMap(([id, tags]) => {
    const seal = witness.seals[id];
    if (seal === undefined || (besides && seal.state !== 'sealed')) return [];
    const reason = seal.state === 'sealed' ? 'not sealed' : seal.state;
    return Object.entries(tags)
      .filter(([key, value]) => value !== stale && !mayBeOurs(witness, id, key, value))
      .map(([key, value]) => `${id} ${key}=${quoted(value)} (${reason})`);
  });

/** The instance without the before-values that the seals show to be somebody else's. */
export const withoutForged = (instance: Instance, witness: TrailWitness): Instance => {
  const ours = (id: string, tags: Tags): Tags =>
    Object.fromEntries(
      Object.entries(tags).filter(([key, value]) => mayBeOurs(witness, id, key, value)),
    );
  const clean = <One extends { readonly id: string; readonly cordonTags?: Tags }>(one: One): One =>
    one.cordonTags === undefined ? one : { ...one, cordonTags: ours(one.id, one.cordonTags) };
  return {
    ...instance,
    tags: ours(instance.id, instance.tags),
    networkInterfaces: instance.networkInterfaces.map(clean),
    volumes: instance.volumes.map(clean),
  };
};
