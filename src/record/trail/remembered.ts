import type { Instance } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import { caseBegan, isCaseIdOf } from '../../case/case.ts';
import { quoted } from '../../case/quoted.ts';
import type { SecurityGroup } from '../../case/security-group.ts';
import { caseTag, isBeforeKey, stale, statusTag } from './keys.ts';
import type { OpenCase } from './open-case.ts';
import { isInCordonGroup } from './open-case.ts';
import { originalGroupsTag } from './original-groups.ts';
import type { Tags, TagsByResource } from './tags.ts';

/** Before-values by resource, sorted by whose they are. */
export interface Remembered {
  readonly values: TagsByResource;
  readonly foreign: readonly string[];
  readonly disagreements: readonly string[];
}

/**
 * Two runs that begin side by side, at 9:59 and at 10:00, have two ids, and each may have written
 * some of the tags; in milliseconds.
 */
const sideBySide = 1_200_000;

const isSameCase = (tagged: string | undefined, open: OpenCase, instanceId: string): boolean => {
  if (tagged === undefined || !isCaseIdOf(tagged, instanceId)) return false;
  if (tagged === open.caseId) return true;
  const [one, other] = [caseBegan(tagged)?.getTime(), caseBegan(open.caseId)?.getTime()];
  return (
    open.standing === 'kept' &&
    one !== undefined &&
    other !== undefined &&
    Math.abs(one - other) <= sideBySide
  );
};

const beforeValues = (tags: Tags): Tags =>
  Object.fromEntries(
    Object.entries(tags).filter(([key, value]) => isBeforeKey(key) && value !== stale),
  );

/** Every resource of the instance that bears before-values, with its tags of Cordon's. */
const bearers = (instance: Instance): readonly (readonly [string, Tags])[] => [
  [instance.id, instance.tags],
  ...movableInterfaces(instance).map(({ id, cordonTags = {} }) => [id, cordonTags] as const),
  ...instance.volumes.map(({ id, cordonTags = {} }) => [id, cordonTags] as const),
];

/** An interface that is in a group of Cordon's has nothing else to say what it had before. */
const originalsOnly = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => key.startsWith(originalGroupsTag)));

const named = (resource: string, tags: Tags): readonly string[] =>
  Object.entries(tags).map(([key, value]) => `${resource} ${key}=${quoted(value)}`);

/** What the tags of one resource hold: the values of the open case, and those of others. */
const sortOut = (
  instance: Instance,
  groups: readonly SecurityGroup[],
  open: OpenCase | undefined,
  [resource, tags]: readonly [string, Tags],
): { readonly own: Tags; readonly foreign: Tags } => {
  const values = beforeValues(tags);
  // The instance's own tag may be what was refused: then its interfaces say which case is open.
  const tagged = tags[caseTag] ?? (resource === instance.id ? open?.caseId : undefined);
  if (open !== undefined && isSameCase(tagged, open, instance.id)) {
    return { own: values, foreign: {} };
  }
  const networkInterface = instance.networkInterfaces.find(({ id }) => id === resource);
  const kept =
    networkInterface !== undefined &&
    isInCordonGroup(instance, networkInterface, groups) &&
    isCaseIdOf(tagged ?? '', instance.id)
      ? originalsOnly(values)
      : {};
  // What an older case left that was given back is no news.
  const ended = /^(?:released|closed)$/.test(instance.tags[statusTag] ?? '');
  const expected = ended && isCaseIdOf(tagged ?? '', instance.id);
  const foreign = Object.entries(values).filter(([key]) => !expected && kept[key] === undefined);
  return { own: kept, foreign: Object.fromEntries(foreign) };
};

/**
 * What the tags and the journal of this machine remember of the world before the case. The journal
 * is believed before the tags, which anybody who may tag can write.
 */
export const remembered = (
  instance: Instance,
  groups: readonly SecurityGroup[],
  open: OpenCase | undefined,
): Remembered => {
  const values: Record<string, Tags> = {};
  const foreign: string[] = [];
  const disagreements: string[] = [];
  for (const bearer of bearers(instance)) {
    const [resource] = bearer;
    const { own, foreign: others } = sortOut(instance, groups, open, bearer);
    const journal = beforeValues(open?.journal?.values[resource] ?? {});
    for (const [key, value] of Object.entries(journal)) {
      const tag = own[key];
      if (tag !== undefined && tag !== value) {
        disagreements.push(
          `${resource} ${key}: ${open?.journal?.source ?? 'the journal of this machine'} says ${quoted(value)}, the tag ${quoted(tag)}`,
        );
      }
    }
    values[resource] = { ...own, ...journal };
    foreign.push(...named(resource, others));
  }
  return { values, foreign, disagreements };
};
