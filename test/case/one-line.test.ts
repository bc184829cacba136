import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine } from '../../src/case/one-line.ts';
import { anyText } from './any-text.ts';

/** Controls, what nobody sees, and separators of lines and paragraphs. */
const obeyed = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Any text, strewn with what terminals and mail programs obey. */
const strewn = fc
  .array(
    fc.oneof(
      anyText(),
      fc.constantFrom(
        '\u001b[2J',
        '\u001b]0;title\u0007',
        '\u009b31m',
        '\u0008',
        '\u0000',
        '\u202e',
        '\u2066',
        '\u200b',
        '\u200f',
        '\ufeff',
        '\u00ad',
        '\u2028',
        '\u2029',
        '\u{e0041}',
        '\u034f',
        '\u3164',
        '\ufe0f',
        '\u2800',
        'e\u0301\u0301\u0301\u0301\u0301',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('a text on one line', () => {
  // threat D8
  it('has nothing that a terminal obeys, nor anything that turns around what is read', () => {
    fc.assert(
      fc.property(strewn, (text) => {
        expect(oneLine(text)).not.toMatch(obeyed);
        expect(oneLine(text)).not.toMatch(/[\r\n\t]/);
      }),
    );
  });

  it('has every character that can be seen, in its order', () => {
    const seen = (text: string) =>
      text.replace(new RegExp(`(?:${obeyed.source}|\\s|\\p{M})+`, 'gu'), '');
    fc.assert(
      fc.property(strewn, (text) => {
        expect(oneLine(text).replace(/[\p{M} ]/gu, '')).toBe(seen(text));
      }),
    );
  });

  it('is the same when it is made again', () => {
    fc.assert(
      fc.property(strewn, (text) => {
        expect(oneLine(oneLine(text))).toBe(oneLine(text));
      }),
    );
  });

  it('covers no other line with marks', () => {
    expect(oneLine(`e${'\u0301'.repeat(500)}`)).toBe(`e${'\u0301'.repeat(3)}`);
    expect(oneLine('Việt Nam, हिन्दी')).toBe('Việt Nam, हिन्दी');
  });

  it('keeps words apart that only a control character kept apart', () => {
    expect(oneLine(' the\u0000host\r\n\r\nis\u202eopen\u2029')).toBe('the host is open');
  });

  it('keeps what people write in their languages', () => {
    expect(oneLine('Überprüft von Zoë 漢字 😀')).toBe('Überprüft von Zoë 漢字 😀');
  });
});
