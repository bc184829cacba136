import { oneLine } from './one-line.ts';
import { beginningOf } from './report-size.ts';

/** The most of such a text that is shown where nothing else is said, in characters. */
const usual = 200;

const quotationMarks = /["\u00ab\u00bb\u201c-\u201f\u2033\u2036\u301d-\u301f\uff02]/g;

/**
 * Words that are not Cordon's: of an event, a tag, a name, a reason, an answer of AWS that repeats
 * its input, a CloudTrail field. One printable line between double quotation marks, which it cannot
 * close itself, with at most `maximum` characters between them. Messages, chat, logs and tags carry
 * such words in this form only, so that a reader knows whose they are.
 */
export const quoted = (text: string, maximum = usual): string => {
  const line = oneLine(text)
    .replace(/ {2,}/g, ' ')
    .replace(quotationMarks, "'")
    .replace(/^\p{M}+/u, '');
  return `"${beginningOf(line, maximum)}"`;
};
