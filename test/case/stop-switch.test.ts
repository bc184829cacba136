import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stopFrom, stopIn, stopText } from '../../src/case/stop-switch.ts';
import { anyText } from './any-text.ts';

const now = new Date('2026-11-25T17:43:00.000Z');
const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000);

describe('The switch that stops everything automatic', () => {
  it('says the same when it is read as when it was written, whatever words stand in it', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (who, reason) => {
        const stop = stopFrom(now, 4, { who: `${who}.`, reason: `${reason}.` });
        expect(stopIn(stopText(stop), now, now)).toEqual(stop);
      }),
    );
  });

  it('ends by itself', () => {
    const text = stopText(stopFrom(now, 4, { who: 'sam', reason: 'false alarms' }));
    expect(stopIn(text, now, later(3.99))).toMatchObject({ until: later(4) });
    expect(stopIn(text, now, later(4))).toBe('over');
  });

  // threat H9
  it('ends a day after AWS saw it written, whatever it says itself', () => {
    const text = stopText(stopFrom(now, 10_000, { who: 'mallory', reason: '' }));
    expect(stopIn(text, now, now)).toMatchObject({ until: later(24) });
    expect(stopIn(text, now, later(24))).toBe('over');
  });

  it.each([
    '',
    'stop',
    'null',
    '[]',
    '{}',
    '{"until": 4}',
    '{"until": "tomorrow"}',
    '{"until": ["2026-11-25T21:43:00Z"]}',
  ])('stops nothing when it is none of Cordon’s: %s', (text) => {
    expect(stopIn(text, now, now)).toBe('unreadable');
  });

  it('stops nothing when it is anything else, and never fails', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), fc.json()), (text) => {
        const found = stopIn(text, now, now);
        expect(typeof found === 'string' || found.until > now).toBe(true);
      }),
    );
  });
});
