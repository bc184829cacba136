import { shellWord } from './shell-word.ts';

/** A word of a command: a text, or what another command prints (one line). */
export type Word = string | { readonly outputOf: string };

/**
 * A command that people can paste into a shell, from its words: every word reaches the program as it
 * is given here, whatever somebody wrote into it. All commands that Cordon prints are made here.
 */
export const command = (words: readonly Word[]): string =>
  words
    .map((word) => (typeof word === 'string' ? shellWord(word) : `"$(${word.outputOf})"`))
    .join(' ');

/**
 * An option with its value. A value that begins with `-` would be read as an option of its own, so
 * it stands behind `=`.
 */
export const option = (name: string, value: string): readonly string[] =>
  value.startsWith('-') ? [`${name}=${value}`] : [name, value];

/**
 * A value as JSON in ASCII, for an option of the AWS CLI that takes a structure. The shorthand
 * syntax (`Key=a,Value=b`) has no way to quote a comma, so values of others never stand in it
 * (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html).
 */
export const jsonWord = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
