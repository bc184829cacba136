import { quoted } from '../case/quoted.ts';
import { recordTag, sealTag, stale } from '../record/trail/keys.ts';
import type { Seals } from '../record/trail/seal/judge-trail.ts';
import { readSeal } from '../record/trail/seal/seal-value.ts';
import type { Tags, TagsByResource } from '../record/trail/tags.ts';

const shown = (value: string | undefined): string =>
  value === undefined || value === stale ? 'nothing' : quoted(value, 120);

const seqOf = (value: string | undefined): number => readSeal(value ?? '')?.seq ?? 0;

const compareOne = (
  resource: string,
  tags: Tags,
  written: Tags,
  seals: Seals,
): readonly string[] => {
  const { state, seal } = seals[resource] ?? {};
  const [present, known] = [seqOf(tags[sealTag]), seqOf(written[sealTag])];
  if (present > 0 && present < known) {
    return [`${resource}: its seal is out of date, the record has a later one: replayed`];
  }
  // The record goes on after the tags are written: what the latest seal covers may be newer than it.
  const isSealed = (key: string): boolean =>
    state === 'sealed' && seal?.covered.includes(key) === true;
  const keys = [...new Set([...Object.keys(tags), ...Object.keys(written)])].filter(
    (key) => key.startsWith('cordon:') && key !== sealTag && key !== recordTag,
  );
  return keys
    .filter((key) => (tags[key] ?? stale) !== (written[key] ?? stale) && !isSealed(key))
    .map(
      (key) =>
        `${resource} ${quoted(key, 80).slice(1, -1)}: the tag says ${shown(tags[key])}, the record ${shown(written[key])}`,
    );
};

/**
 * Compares tags with what the calls of the record wrote to them, value by value. A resource that no call on
 * record has tagged is not compared.
 *
 * @param tags of the resources that were read.
 * @returns one sentence for each value that differs.
 */
export const compareTags = (
  tags: TagsByResource,
  written: TagsByResource,
  seals: Seals,
): readonly string[] =>
  Object.entries(tags).flatMap(([resource, present]) => {
    const known = written[resource];
    return known === undefined ? [] : compareOne(resource, present, known, seals);
  });
