import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseBegan, caseIdFor, instanceIdPattern, isCaseIdOf } from '../../src/case/case.ts';
import { instanceId } from './sample-before.ts';

const hexadecimal = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''));

const instanceIds = fc.oneof(hexadecimal(8), hexadecimal(17)).map((digits) => `i-${digits}`);

const moments = fc.date({
  min: new Date('2006-08-25T00:00:00Z'),
  max: new Date('2199-12-31T23:59:59Z'),
  noInvalidDate: true,
});

describe('the id of a case', () => {
  it('is the minute, rounded down to ten, and the instance', () => {
    expect(caseIdFor(instanceId, new Date('2026-11-20T03:09:59.999Z'))).toBe(
      '20261120T0300Z-i-0c0d0e0f0a0b0c0d1',
    );
  });

  it('brings the findings of the same ten minutes together, and those after them apart', () => {
    const at = (time: string) => caseIdFor(instanceId, new Date(`2026-11-20T${time}Z`));
    expect(at('03:00:00')).toBe(at('03:09:59'));
    expect(at('03:10:00')).not.toBe(at('03:09:59'));
  });

  it('is told in UTC, also over midnight and New Year', () => {
    expect(caseIdFor(instanceId, new Date('2026-12-31T23:30:00-02:00'))).toBe(
      '20270101T0130Z-i-0c0d0e0f0a0b0c0d1',
    );
  });

  it('is a name that Step Functions takes, and says when the case began at the earliest', () => {
    fc.assert(
      fc.property(instanceIds, moments, (id, at) => {
        const caseId = caseIdFor(id, at);
        expect(caseId).toMatch(/^\d{8}T\d{3}0Z-i-[0-9a-f]{8,17}$/);
        expect(caseId.length).toBeLessThanOrEqual(80);
        expect(isCaseIdOf(caseId, id)).toBe(true);
        const began = caseBegan(caseId)?.getTime() ?? Number.NaN;
        const age = at.getTime() - began;
        expect(age >= 0 && age < 600_000).toBe(true);
      }),
    );
  });
});

describe('the case id that a tag names', () => {
  it('is kept for this instance, with minutes or with seconds', () => {
    expect(isCaseIdOf(`20261120T0300Z-${instanceId}`, instanceId)).toBe(true);
    expect(isCaseIdOf(`20261120T030017Z-${instanceId}`, instanceId)).toBe(true);
  });

  it('is not believed for another instance, nor in another form', () => {
    for (const forged of [
      '20261120T0300Z-i-0c0d0e0f0a0b0c0d2',
      `20261120T0300Z-${instanceId}0`,
      `x20261120T0300Z-${instanceId}`,
      `20261120T0300Z-${instanceId}\n`,
      `2026-11-20T03:00Z-${instanceId}`,
      instanceId,
      '',
    ]) {
      expect(isCaseIdOf(forged, instanceId)).toBe(false);
    }
  });

  it('is no case id of the instance when it is any other text', () => {
    fc.assert(
      fc.property(fc.string(), instanceIds, (text, id) => {
        expect(isCaseIdOf(text, id)).toBe(false);
        expect(caseBegan(text)).toBeUndefined();
      }),
    );
  });

  it('tells the second where the id has it', () => {
    expect(caseBegan(`20261120T030017Z-${instanceId}`)).toEqual(new Date('2026-11-20T03:00:17Z'));
    expect(caseBegan(`20261120T0310Z-${instanceId}`)).toEqual(new Date('2026-11-20T03:10:00Z'));
  });
});

describe('an instance id', () => {
  it('has 8 or 17 hexadecimal digits', () => {
    fc.assert(
      fc.property(instanceIds, (id) => {
        expect(id).toMatch(instanceIdPattern);
      }),
    );
  });

  it.each([
    'i-123456789',
    'i-0c0d0e0f0a0b0c0d12',
    'i-0C0D0E0F0A0B0C0D1',
    'i-0c0d0e0f0a0b0c0g1',
    'mi-0c0d0e0f0a0b0c0d1',
    'i-',
    `${instanceId}\n`,
    ` ${instanceId}`,
  ])('is not "%s"', (text) => {
    expect(text).not.toMatch(instanceIdPattern);
  });
});
