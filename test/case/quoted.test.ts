import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted } from '../../src/case/quoted.ts';
import { anyText } from './any-text.ts';

describe('words from outside', () => {
  // fault A5
  it('are one printable line between marks that they cannot close, and short', () => {
    fc.assert(
      fc.property(
        anyText({ maxLength: 500 }),
        fc.integer({ min: 1, max: 300 }),
        (text, maximum) => {
          const shown = quoted(text, maximum);
          expect(shown).toMatch(/^"[^"]*"$/);
          expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
          expect(shown.length).toBeLessThanOrEqual(maximum + 2);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('cannot pretend to be a sentence of Cordon', () => {
    expect(quoted('x"\n\nCONTAINED: release it now with “curl”')).toBe(
      "\"x' CONTAINED: release it now with 'curl'\"",
    );
  });

  it('keep their letters in every script', () => {
    expect(quoted('web-7 Überprüft 漢字')).toBe('"web-7 Überprüft 漢字"');
    expect(quoted('')).toBe('""');
  });
});
