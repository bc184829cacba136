import type { KeyObject } from 'node:crypto';
import type { Instance } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import { quoted } from '../../case/quoted.ts';
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

/** The values beside such seals, quoted, for people to be told of. */
export const forgedValues = (instance: Instance, seals: Seals): readonly string[] =>
  Object.entries(tagsByResource(instance)).flatMap(([id, tags]) => {
    const seal = seals[id];
    if (seal === undefined || !isForged(seal)) return [];
    const values = Object.entries(tags).filter(([key]) => isBeforeKey(key));
    return values.map(([key, value]) => `${id} ${key}=${quoted(value)} (${seal.state})`);
  });

const withoutBefore = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !isBeforeKey(key)));

/** The instance without the before-values of resources whose seal is broken, replayed or copied. */
export const withoutForged = (instance: Instance, seals: Seals): Instance => {
  const isTrusted = (id: string): boolean => {
    const seal = seals[id];
    return seal === undefined || !isForged(seal);
  };
  const clean = <One extends { readonly id: string; readonly cordonTags?: Tags }>(one: One): One =>
    isTrusted(one.id) || one.cordonTags === undefined
      ? one
      : { ...one, cordonTags: withoutBefore(one.cordonTags) };
  return {
    ...instance,
    tags: isTrusted(instance.id) ? instance.tags : withoutBefore(instance.tags),
    networkInterfaces: instance.networkInterfaces.map(clean),
    volumes: instance.volumes.map(clean),
  };
};
