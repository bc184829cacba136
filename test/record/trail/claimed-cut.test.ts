import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wasCutCompletely } from '../../../src/record/trail/claimed-cut.ts';
import { anyText } from '../../case/any-text.ts';
import { beforeWith, instanceWith } from '../../case/sample-before.ts';

const at = '2026-11-20T02:51:00.000Z';
const complete = `${at} done interfaces=1 isolatedAt=${at} cut=complete profile=full`;
const newFlowsOnly = `${at} done proof=10 cut=new-flows-only risks=3`;
const verified = `${at} done proof=10 cut=complete risks=3`;

const claim = (isolate?: string, verify?: string, repeat = true): boolean => {
  const tags = {
    ...(isolate === undefined ? {} : { 'cordon:step:isolate-network': isolate }),
    ...(verify === undefined ? {} : { 'cordon:step:verify': verify }),
  };
  return wasCutCompletely(beforeWith({ instance: instanceWith({ tags }), repeat }));
};

describe('that open connections were cut', () => {
  it('is claimed on the word of the run that isolated, and of what verify said of it', () => {
    expect(claim(complete, verified)).toBe(true);
    expect(claim(complete.replace('done', 'already'), verified)).toBe(true);
  });

  it('is not claimed against the word of either', () => {
    expect(claim(complete.replace('complete', 'new-flows-only'), verified)).toBe(false);
    expect(claim(complete, newFlowsOnly)).toBe(false);
    expect(claim(complete.replace('complete', 'none'), verified)).toBe(false);
  });

  it('is not claimed without the word of either', () => {
    expect(claim(undefined, verified)).toBe(false);
    expect(claim(complete, undefined)).toBe(false);
    expect(claim('-', verified)).toBe(false);
    expect(claim(complete, '-')).toBe(false);
    expect(claim()).toBe(false);
  });

  it.each(['failed IsolationIncompleteError', 'planned cut=complete', 'skipped cut=complete'])(
    'is not claimed on a step that ended "%s"',
    (words) => {
      expect(claim(`${at} ${words}`, verified)).toBe(false);
      expect(claim(complete, `${at} ${words}`)).toBe(false);
    },
  );

  it('is not claimed of an instance that was not found isolated, whatever its tags say', () => {
    expect(claim(complete, verified, false)).toBe(false);
  });

  it('is not claimed on words that only begin alike', () => {
    expect(claim(`${at} done cut=completely-different`, verified)).toBe(false);
    expect(claim(`${at} done uncut=complete`, verified)).toBe(false);
    expect(claim(`done cut=complete`, verified)).toBe(false);
  });

  it('is never claimed on any other text, nor does any text throw', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (isolate, verify) => {
        if (isolate.includes('cut=complete') && verify.includes('cut=complete')) return;
        expect(claim(isolate, verify)).toBe(false);
      }),
    );
  });
});
