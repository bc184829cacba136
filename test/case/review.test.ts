import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isReviewReminderDue, nextReview, overdueSince } from '../../src/case/review.ts';

const openedAt = '2026-03-01T03:00:00.000Z';
const at = (hours: number): Date => new Date(Date.parse(openedAt) + hours * 3_600_000);
const iso = (hours: number): string => at(hours).toISOString();
const takenAt = (hours: number, reviewAt?: string) => ({
  openedAt,
  ownership: {
    owner: 'alice',
    takenAt: iso(hours),
    ...(reviewAt === undefined ? {} : { reviewAt }),
  },
});

describe('The review of an open case', () => {
  it('is overdue a period after the case was opened, if nobody takes it', () => {
    expect(overdueSince({ openedAt }, 24, at(23.9))).toBeUndefined();
    expect(overdueSince({ openedAt }, 24, at(26))).toEqual(at(24));
  });

  it('is due when the owner said, and a period after it was taken where nothing was said', () => {
    expect(overdueSince(takenAt(20, iso(44)), 24, at(43))).toBeUndefined();
    expect(overdueSince(takenAt(20, iso(44)), 24, at(45))).toEqual(at(44));
    expect(overdueSince(takenAt(20), 24, at(45))).toEqual(at(44));
  });

  it('is never due where the stack asks for none', () => {
    expect(nextReview(at(0), 0)).toBeUndefined();
    expect(overdueSince({ openedAt }, 0, at(10_000))).toBeUndefined();
    expect(overdueSince(takenAt(0, iso(1)), 0, at(10_000))).toBeUndefined();
  });

  it('is told once per period, and anew once somebody has taken it and let it pass again', () => {
    expect(isReviewReminderDue({ openedAt }, 24, at(25))).toBe(true);
    const told = { openedAt, remindedAt: iso(25) };
    expect(isReviewReminderDue(told, 24, at(48))).toBe(false);
    expect(isReviewReminderDue(told, 24, at(49))).toBe(true);
    const taken = { ...takenAt(26, iso(30)), remindedAt: iso(25) };
    expect(isReviewReminderDue(taken, 24, at(31))).toBe(true);
  });

  it('whatever stands in the table, a reminder is told of overdue cases alone', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            openedAt: fc.string(),
            remindedAt: fc.string(),
            ownership: fc.record({
              owner: fc.string(),
              takenAt: fc.string(),
              reviewAt: fc.string(),
            }),
          },
          { requiredKeys: ['openedAt'] },
        ),
        fc.double({ min: 0, max: 8_760, noNaN: true }),
        (reviewed, hours) => {
          if (!isReviewReminderDue(reviewed, hours, at(0))) return;
          expect(overdueSince(reviewed, hours, at(0))).toBeDefined();
        },
      ),
    );
  });
});
