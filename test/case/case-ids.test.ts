import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  caseBegan,
  caseIdFor,
  caseInstanceOf,
  exactCaseIdFor,
  isCaseIdOf,
} from '../../src/case/case.ts';
import type { IsolationProfile } from '../../src/case/isolation-profile.ts';
import { isolationProfiles } from '../../src/case/isolation-profile.ts';
import { anyText } from './any-text.ts';
import { instanceId } from './sample-before.ts';

const asked: readonly (IsolationProfile | undefined)[] = [undefined, ...isolationProfiles];
const kinds = asked.flatMap((profile) => [false, true].map((dryRun) => ({ profile, dryRun })));

/** A rehearsal is no case. */
const cases = kinds.filter(({ dryRun }) => !dryRun);

const moments = fc.date({
  min: new Date('2006-08-25T00:00:00Z'),
  max: new Date('2199-12-31T23:59:59Z'),
  noInvalidDate: true,
});

const idOf = (at: Date, { profile, dryRun }: (typeof kinds)[number]) =>
  caseIdFor(instanceId, at, dryRun, profile);

describe('what is asked for about one instance in the same ten minutes', () => {
  // threat D7
  it('are cases apart: each profile, and the rehearsal of each', () => {
    fc.assert(
      fc.property(moments, (at) => {
        expect(new Set(kinds.map((kind) => idOf(at, kind))).size).toBe(kinds.length);
      }),
    );
  });

  it('are the same case when the same is asked for again', () => {
    for (const kind of kinds) {
      const at = (time: string) => idOf(new Date(`2026-11-20T${time}Z`), kind);
      expect(at('03:00:00')).toBe(at('03:09:59.999'));
      expect(at('03:10:00')).not.toBe(at('03:09:59.999'));
    }
  });

  it('all have ids that Step Functions takes and that name the instance', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom(...kinds), (at, kind) => {
        const caseId = idOf(at, kind);
        expect(caseId).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
        expect(caseId).toMatch(new RegExp(`T\\d{4,6}Z-${instanceId}$`));
      }),
    );
  });

  it('are cases of the instance, unless they are rehearsals, which are none', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom(...kinds), (at, kind) => {
        const caseId = idOf(at, kind);
        expect(isCaseIdOf(caseId, instanceId)).toBe(!kind.dryRun);
        expect(caseInstanceOf(caseId)).toBe(kind.dryRun ? undefined : instanceId);
        expect(/^dry-\d{8}T\d{6}Z-/.test(caseId)).toBe(kind.dryRun);
      }),
    );
  });

  it('never begin later than they were asked for: what they have seen to counts as theirs', () => {
    // An id can only be ahead of its time in the first seconds of its ten minutes.
    const milliseconds = fc.integer({ min: 0, max: 9_999 });
    fc.assert(
      fc.property(moments, milliseconds, fc.constantFrom(...cases), (some, after, kind) => {
        const tenMinutes = Math.floor(some.getTime() / 600_000) * 600_000;
        const at = new Date(tenMinutes + after);
        expect(caseBegan(idOf(at, kind))?.getTime()).toBeLessThanOrEqual(at.getTime());
      }),
    );
  });
});

describe('a case that must not fall on an earlier one of its ten minutes', () => {
  // threat H3
  it('has an id to the second, which tells when it began', () => {
    const caseId = exactCaseIdFor(instanceId, new Date('2026-11-20T03:07:42.900Z'));
    expect(caseId).toBe(`20261120T030742Z-${instanceId}`);
    expect(caseBegan(caseId)).toEqual(new Date('2026-11-20T03:07:42.000Z'));
  });

  it('has an id of the instance that Step Functions takes, and never begins later than asked', () => {
    fc.assert(
      fc.property(moments, (at) => {
        const caseId = exactCaseIdFor(instanceId, at);
        expect(caseId).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
        expect(isCaseIdOf(caseId, instanceId)).toBe(true);
        const began = caseBegan(caseId)?.getTime() ?? Number.NaN;
        expect(began).toBeLessThanOrEqual(at.getTime());
        // In the first seconds of ten minutes the seconds could be the mark of a profile.
        expect(at.getTime() - began).toBeLessThan(9_000);
      }),
    );
  });

  it('has another id than the plain case of its ten minutes, at any time', () => {
    fc.assert(
      fc.property(moments, (at) => {
        expect(exactCaseIdFor(instanceId, at)).not.toBe(caseIdFor(instanceId, at));
      }),
    );
  });
});

describe('the instance that a case id names', () => {
  it('is told of ids with minutes and of ids with seconds', () => {
    expect(caseInstanceOf(`20261120T0300Z-${instanceId}`)).toBe(instanceId);
    expect(caseInstanceOf(`20261120T030006Z-${instanceId}`)).toBe(instanceId);
    expect(caseInstanceOf('20261120T0300Z-i-0123abcd')).toBe('i-0123abcd');
  });

  it.each([
    instanceId,
    '',
    `20261120T0300Z-${instanceId} `,
    `20261120T0300Z-${instanceId}\n`,
    '20261120T0300Z-i-',
    `20261120T0300-${instanceId}`,
    `20261120T03000Z-${instanceId}`,
    '20261120T0300Z-vol-0123abcd',
  ])('is none in "%s"', (text) => {
    expect(caseInstanceOf(text)).toBeUndefined();
  });

  it('is none in any other text', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(caseInstanceOf(text)).toBeUndefined();
        expect(caseBegan(text)).toBeUndefined();
      }),
    );
  });
});
