import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tagValue } from '../../../src/record/trail/tag-value.ts';
import { anyText } from '../../case/any-text.ts';
import { generated } from '../../case/generated.ts';

const texts = anyText({ minLength: 0, maxLength: 400 });

/** Texts that are cut, at a space as often as not. */
const longTexts = anyText({ minLength: 250, maxLength: 400 });

describe('the value of a tag', () => {
  it('is the text itself where the text is ordinary', () => {
    expect(tagValue('2026-11-20T03:00:01.500Z done interfaces=2')).toBe(
      '2026-11-20T03:00:01.500Z done interfaces=2',
    );
  });

  it('is on one line, whatever an attacker wrote into a finding', () => {
    expect(tagValue('a\r\n\tb\u0000c\u2028d')).toBe('a b c d');
  });

  // threat C11
  it('carries nothing that a terminal would obey: C1 controls neither', () => {
    expect(tagValue('a\u0085b\u009b31mc')).toBe('a b 31mc');
  });

  it('has at most 256 characters', () => {
    expect(tagValue('x'.repeat(1_000))).toHaveLength(256);
  });

  it('cuts no character in half at its end', () => {
    expect(tagValue(`${'x'.repeat(255)}😀`)).toBe('x'.repeat(255));
  });

  it('does not end in the space at which a long text was cut', () => {
    expect(tagValue(`${'x'.repeat(255)} y`)).toBe('x'.repeat(255));
  });

  it('is short, well-formed and without control characters, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(texts, longTexts), (text) => {
        const value = tagValue(text);
        expect(value.length).toBeLessThanOrEqual(256);
        expect(value.isWellFormed()).toBe(true);
        expect(value).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: generated(300) },
    );
  });

  it('stays as it is when it is made into a value again', () => {
    fc.assert(
      fc.property(fc.oneof(texts, longTexts), (text) => {
        expect(tagValue(tagValue(text))).toBe(tagValue(text));
      }),
      { numRuns: generated(300) },
    );
  });
});
