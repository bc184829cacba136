import { wholeTagValue } from './tag-value.ts';

/** On an interface: what the rules of its original groups were, in the order of the groups. */
export const beforeRulesTag = 'cordon:before:rules';

const unread = '-';

/** One digest per group, `-` where the group could not be read; undefined where a tag has no room. */
export const writeRules = (digests: readonly (string | undefined)[]): string | undefined =>
  wholeTagValue(digests.map((digest) => digest ?? unread).join(' '));

const pattern = /^(?:[0-9a-f]{8}|-)(?: (?:[0-9a-f]{8}|-))*$/;

/** The digests that the tag names; undefined for a value of another form. */
export const readRules = (value: string): readonly (string | undefined)[] | undefined =>
  pattern.test(value)
    ? value.split(' ').map((digest) => (digest === unread ? undefined : digest))
    : undefined;
