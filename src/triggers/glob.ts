const special = /[.+^${}()|[\]\\]/g;

/** Longer than any type of a finding or name of an alarm. */
const longest = 512;

/** Whether a text matches a pattern in which `*` stands for any signs, and `?` for one. */
const matches = (pattern: string, text: string): boolean => {
  const expression = pattern.replace(special, '\\$&').replace(/\*+/g, '.*').replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(text.slice(0, longest));
};

/** The first of several patterns that a text matches. */
export const matching = (patterns: readonly string[], text: string): string | undefined =>
  patterns.find((pattern) => matches(pattern, text));
