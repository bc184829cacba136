import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaseSnapshot } from '../../../src/evidence/snapshots/case-snapshot.ts';
import { choose, copyAmong } from '../../../src/evidence/snapshots/choose.ts';

const since = new Date('2026-03-01T03:00:00Z');
const volumes = ['vol-a', 'vol-b'];

const aSnapshot = (change: Partial<CaseSnapshot> = {}): CaseSnapshot => ({
  snapshotId: 'snap-1',
  volumeId: 'vol-a',
  state: 'completed',
  progress: '100%',
  stateMessage: '',
  startedAt: new Date('2026-03-01T03:07:00Z'),
  sizeGib: 8,
  encrypted: false,
  keyArn: '',
  ...change,
});

/** Whatever somebody who may take and tag snapshots can leave in the account. */
const anySnapshot = fc.record({
  snapshotId: fc.string({ minLength: 1, maxLength: 8 }),
  volumeId: fc.constantFrom('vol-a', 'vol-b', 'vol-other', 'vol-ffffffff', ''),
  state: fc.constantFrom('pending', 'completed', 'error', 'recoverable', 'x'),
  progress: fc.string({ maxLength: 4 }),
  stateMessage: fc.string({ maxLength: 9 }),
  startedAt: fc.date({
    min: new Date('2026-02-28T00:00:00Z'),
    max: new Date('2026-03-02T00:00:00Z'),
    noInvalidDate: true,
  }),
  sizeGib: fc.constantFrom(8, 9),
  encrypted: fc.boolean(),
  keyArn: fc.constantFrom('', 'key-a', 'key-b'),
});

const distinct = fc.uniqueArray(anySnapshot, { selector: (one) => one.snapshotId, maxLength: 12 });

describe('Which snapshots are the case’s', () => {
  it('are never of another volume, never older than the case, and one of each volume', () => {
    fc.assert(
      fc.property(distinct, (tagged) => {
        const { snapshots, missing } = choose(tagged, volumes, since, []);
        const found = snapshots.map(({ volumeId }) => volumeId);
        expect([...found, ...missing].toSorted()).toEqual(volumes);
        for (const { startedAt } of snapshots) expect(startedAt >= since).toBe(true);
      }),
    );
  });

  it('stay the same whatever somebody plants after them', () => {
    fc.assert(
      fc.property(distinct, (planted) => {
        const own = volumes.map((volumeId) =>
          aSnapshot({ snapshotId: `own-${volumeId}`, volumeId }),
        );
        const later = planted.map((one, at) => ({
          ...one,
          startedAt: new Date(own[0] === undefined ? 0 : own[0].startedAt.getTime() + 1 + at),
        }));
        const { snapshots } = choose([...later, ...own], volumes, since, []);
        expect(snapshots).toEqual(own);
      }),
    );
  });

  it('that were chosen once stay, although another began before', () => {
    const chosen = aSnapshot({ snapshotId: 'snap-2' });
    const earlier = aSnapshot({ startedAt: new Date('2026-03-01T03:01:00Z') });
    const result = choose([earlier, chosen], ['vol-a'], since, ['snap-2']);
    expect(result).toMatchObject({ snapshots: [chosen], others: ['snap-1'], gone: [] });
  });

  it('that are gone are named', () => {
    expect(choose([], ['vol-a'], since, ['snap-9'])).toMatchObject({
      missing: ['vol-a'],
      gone: ['snap-9'],
    });
  });
});

describe('The copy for the examiners', () => {
  const source = aSnapshot();

  it('is under their key, of the size of its source, and began after it, whatever its tag says', () => {
    fc.assert(
      fc.property(distinct, (tagged) => {
        const copy = copyAmong(tagged, source, 'key-a', since);
        if (copy === undefined) return;
        expect(copy).toMatchObject({ keyArn: 'key-a', sizeGib: 8 });
        expect(copy.startedAt >= source.startedAt).toBe(true);
      }),
    );
  });

  it('is the first of several, and a failed one only where this run made it', () => {
    const copy = (snapshotId: string, state: string, at: string) =>
      aSnapshot({ snapshotId, state, keyArn: 'key-a', startedAt: new Date(at) });
    const failed = copy('a', 'error', '2026-03-01T03:08:00Z');
    const pending = copy('b', 'pending', '2026-03-01T03:09:00Z');
    const planted = copy('c', 'completed', '2026-03-01T04:00:00Z');
    expect(copyAmong([planted, pending, failed], source, 'key-a', since)).toBe(pending);
    expect(copyAmong([failed], source, 'key-a', since)).toBe(failed);
    const nextRun = new Date('2026-03-01T05:00:00Z');
    expect(copyAmong([failed], source, 'key-a', nextRun)).toBeUndefined();
  });
});
