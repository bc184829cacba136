import { oneLine } from '../../case/one-line.ts';

/** Most characters of a tag's value (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html). */
export const maximumValueLength = 256;

/** Most tags of one resource, without those that AWS itself writes (`aws:`). */
export const maximumTags = 50;

/**
 * A text as a tag's value: on one line, at most 256 characters, whole characters only. Parts of
 * it come from findings, which an attacker has a say in.
 */
export const tagValue = (text: string): string => {
  const characters = [...oneLine(text)];
  let value = '';
  for (const character of characters) {
    if (value.length + character.length > maximumValueLength) break;
    value += character;
  }
  return value.trimEnd();
};

/** The text, if a tag can hold it as it is; undefined where it would be changed or cut. */
export const wholeTagValue = (text: string): string | undefined =>
  tagValue(text) === text ? text : undefined;
