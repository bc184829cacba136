/**
 * What a terminal obeys, what nobody sees, and what turns around or hides what is read: control
 * and format characters, halves of characters, private and unassigned ones, separators of lines,
 * whatever a renderer shows as nothing (default ignorable, the blank of Braille).
 */
const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]+/gu;

const otherSpaces = /(?! )\p{Zs}/gu;

/** A letter bears a mark or two in every script; floods of them cover the lines around. */
const flood = /(\p{M}{3})\p{M}+/gu;

/**
 * What cannot be seen as the escapes of JSON: exact in a text that is JSON, readable in any other.
 * For logs, which people read on terminals too.
 */
export const hiddenEscaped = (text: string): string =>
  text.replace(hidden, (signs) =>
    [...Array(signs.length).keys()]
      .map((at) => `\\u${signs.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );

/**
 * Text of any origin on one line: only what can be seen; what cannot be seen becomes a space. It
 * does not say whose words they are: what comes from outside is `quoted`.
 */
export const oneLine = (text: string): string =>
  text
    .replace(hidden, ' ')
    .replace(otherSpaces, ' ')
    .replace(flood, (_, marks: string) => marks)
    .trim();
