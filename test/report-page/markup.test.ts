import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escaped, html, textOfMarkup } from '../../src/report-page/markup.ts';
import { generated } from '../case/generated.ts';

describe('A value from outside', () => {
  it.each([
    ['a tag', '<script>', '&lt;script&gt;'],
    ['the end of an attribute', '"><img', '&quot;&gt;&lt;img'],
    ['another quotation mark', "' x='`", '&#39; x=&#39;&#96;'],
    ['an entity', '&lt;', '&amp;lt;'],
    ['a sign that turns the direction of reading', 'a\u202eb', 'a\\u202eb'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
  ])('is text, even where it is %s', (_, text, shown) => {
    expect(escaped(text)).toBe(shown);
  });

  it('opens no tag, ends no attribute and hides nothing, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escaped(text)).toMatch(/^[^<>"'`]*$/);
        expect(escaped(text).replaceAll('\n', '')).not.toMatch(/\p{C}/u);
      }),
      { numRuns: generated(100) },
    );
  });

  it('is never taken for markup, even where its shape is that of markup', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = textOfMarkup(html`<p>${value as string}</p>`);
        expect(text.slice(3, -4)).not.toContain('<');
      }),
      { numRuns: generated(100) },
    );
    const outside = JSON.parse('{"made":"<b>","markup":"<b>","toString":"x"}');
    expect(textOfMarkup(html`<p>${outside}</p>`)).not.toContain('<b>');
  });

  it('keeps the lines of a command apart', () => {
    expect(escaped('a\nb')).toBe('a\nb');
  });
});

it('Markup inside of markup is written once', () => {
  const inner = html`<b>${'<'}</b>`;
  expect(textOfMarkup(html`<p>${inner}${[inner, inner]}</p>`)).toBe(
    '<p><b>&lt;</b><b>&lt;</b><b>&lt;</b></p>',
  );
});
