import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wishOf } from '../../../src/evidence/snapshots/lock.ts';

const now = new Date('2026-03-01T00:00:00Z');
const day = 24 * 3_600_000;
const inDays = (days: number): Date => new Date(now.getTime() + days * day);

const governance = { snapshotLock: 'governance', snapshotLockDays: 365 } as const;
const compliance = { snapshotLock: 'compliance', snapshotLockDays: 365 } as const;

describe('What is asked of a lock', () => {
  it('is what the stack says where there is none, or one that has expired', () => {
    expect(wishOf(undefined, governance, now)).toEqual({ mode: 'governance', days: 365 });
    expect(wishOf({ LockState: 'expired', LockDuration: 999 }, compliance, now)).toEqual({
      mode: 'compliance',
      days: 365,
    });
  });

  it('is nothing where a run before has asked for as much, however long ago', () => {
    const lock = { LockDuration: 365, LockExpiresOn: inDays(1) };
    expect(wishOf({ ...lock, LockState: 'governance' }, governance, now)).toBeUndefined();
    expect(wishOf({ ...lock, LockState: 'compliance-cooloff' }, compliance, now)).toBeUndefined();
  });

  it('is the stricter mode for no less time where somebody has locked it longer', () => {
    const lock = {
      LockState: 'governance',
      LockDuration: 900,
      LockExpiresOn: inDays(900),
    } as const;
    expect(wishOf(lock, compliance, now)).toEqual({ mode: 'compliance', days: 900 });
  });

  it('never weakens a lock and never shortens it', () => {
    const states = ['governance', 'compliance', 'compliance-cooloff'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...states),
        fc.integer({ min: 1, max: 36_500 }),
        fc.integer({ min: 0, max: 36_500 }),
        fc.constantFrom('governance' as const, 'compliance' as const),
        fc.integer({ min: 1, max: 36_500 }),
        (LockState, LockDuration, left, snapshotLock, snapshotLockDays) => {
          const lock = { LockState, LockDuration, LockExpiresOn: inDays(left) };
          const wish = wishOf(lock, { snapshotLock, snapshotLockDays }, now);
          if (wish === undefined) return;
          if (LockState !== 'governance') expect(wish.mode).toBe('compliance');
          expect(wish.days).toBeGreaterThanOrEqual(left);
          expect(wish.days).toBeGreaterThanOrEqual(snapshotLockDays);
        },
      ),
    );
  });

  it('is nothing at all where the stack locks nothing', () => {
    expect(wishOf(undefined, { snapshotLock: 'none', snapshotLockDays: 1 }, now)).toBeUndefined();
  });
});
