import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalOf } from '../../src/intake/arrival-of.ts';
import { findingWith } from '../triggers/guardduty/sample-finding.ts';

describe('An event that shows that a way to Cordon is open', () => {
  it('is a heartbeat by its source alone, whatever else it says', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (more, detail) => {
        const event = { ...more, ...findingWith(), detail, source: 'cordon.heartbeat' };
        expect(arrivalOf(event)).toBe('heartbeat');
      }),
    );
  });

  it('is no event of anything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (event) => {
        expect(arrivalOf(event)).toBeUndefined();
      }),
    );
  });

  it('is a sample that GuardDuty itself has sent', () => {
    const sample = findingWith({ service: { additionalInfo: { sample: true } } });
    expect(arrivalOf(sample)).toBe('sample');
  });

  it.each([
    ['a finding that is no sample', findingWith()],
    [
      'a sample that somebody else claims to have',
      {
        ...findingWith({ service: { additionalInfo: { sample: true } } }),
        source: 'custom.guardduty',
      },
    ],
    ['a fire drill', { source: 'cordon.manual', detail: { instanceId: 'i-0123456789abcdef0' } }],
    ['what a schedule hands to intake', { brake: 'go-on' }],
  ])('is not %s', (_, event) => {
    expect(arrivalOf(event)).toBeUndefined();
  });
});
