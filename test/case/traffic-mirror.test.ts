import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MirrorRule } from '../../src/case/traffic-mirror.ts';
import { hasForeignRule, mirrorRules, nextSessionNumber } from '../../src/case/traffic-mirror.ts';
import { mirrorTags, saysCase } from '../../src/record/trail/mirror-tags.ts';
import { anyText } from './any-text.ts';

describe('The number of a further session', () => {
  it('is one that AWS takes and nobody has, after those that are there', () => {
    const taken = fc.uniqueArray(fc.integer({ min: 1, max: 32_766 }), { maxLength: 3 });
    fc.assert(
      fc.property(taken, (numbers) => {
        const next = nextSessionNumber(numbers);
        expect(numbers).not.toContain(next);
        expect(next >= 1 && next <= 32_766).toBe(true);
        const last = Math.max(0, ...numbers);
        if (last < 32_766) expect(next).toBeGreaterThan(last);
      }),
    );
  });

  it('is the highest that is free where somebody has the last', () => {
    expect(nextSessionNumber([32_766, 32_765])).toBe(32_764);
    expect(nextSessionNumber([])).toBe(1);
  });
});

describe('A filter of a case', () => {
  const anyRule: fc.Arbitrary<MirrorRule> = fc.record({
    egress: fc.boolean(),
    number: fc.integer({ min: 1, max: 32_766 }),
    accepts: fc.boolean(),
    isNarrow: fc.boolean(),
    source: fc.constantFrom('0.0.0.0/0', '::/0', '10.0.0.0/8'),
    destination: fc.constantFrom('0.0.0.0/0', '::/0', '10.0.0.0/8'),
  });

  it('takes everything, or is not taken for the case’s', () => {
    const filter = (rules: readonly MirrorRule[]) => ({ id: '', rules, services: [], tags: {} });
    expect(hasForeignRule(filter(mirrorRules))).toBe(false);
    expect(hasForeignRule(filter([]))).toBe(false);
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 6 }), (rules) => {
        const hides = rules.some(({ accepts, isNarrow }) => !accepts || isNarrow);
        if (hides) expect(hasForeignRule(filter([...mirrorRules, ...rules]))).toBe(true);
      }),
    );
  });

  it('is known by both of its tags, whatever stands in others', () => {
    const theCase = { caseId: 'c', instanceId: 'i' };
    fc.assert(
      fc.property(fc.dictionary(anyText(), anyText()), (others) => {
        expect(saysCase({ ...others, ...mirrorTags(theCase) }, theCase)).toBe(true);
        const { 'cordon:case': _, ...rest } = others;
        expect(saysCase(rest, theCase)).toBe(false);
      }),
    );
  });
});
