/** Most characters of a tag's value (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html). */
export const maximumValueLength = 256;

/** Most tags of one resource, without those that AWS itself writes (`aws:`). */
export const maximumTags = 50;

/**
 * A text as a tag's value: on one line, at most 256 characters, whole characters only. Parts of
 * it come from findings, which an attacker has a say in.
 */
export const tagValue = (text: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  const characters = [...line.toWellFormed()];
  let value = '';
  for (const character of characters) {
    if (value.length + character.length > maximumValueLength) break;
    value += character;
  }
  return value.trimEnd();
};
