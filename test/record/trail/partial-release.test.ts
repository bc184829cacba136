import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phases } from '../../../src/case/undo/inverse.ts';
import {
  readPartialRelease,
  writePartialRelease,
} from '../../../src/record/trail/partial-release.ts';
import { anyText } from '../../case/any-text.ts';

const at = '2026-03-01T03:07:41.000Z';

describe('The note of what a person gave back', () => {
  it('names it again, whoever gave it back and why', () => {
    fc.assert(
      fc.property(fc.subarray([...phases], { minLength: 1 }), anyText(), (given, reason) => {
        const value = writePartialRelease({ at, phases: given, who: 'ada', reason });
        expect(readPartialRelease(value)).toEqual(given);
      }),
    );
  });

  it('of a whole release names no part', () => {
    expect(readPartialRelease(`${at} done ada false alarm`)).toEqual([]);
  });

  it('means nothing in another form', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(readPartialRelease(text)).toEqual([]);
      }),
    );
    expect(readPartialRelease(`${at} partial everything ada`)).toEqual([]);
  });
});
