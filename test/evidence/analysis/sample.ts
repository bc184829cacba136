import type { FoundVolume } from '../../../src/aws/made-volumes.ts';
import type { FoundSnapshot } from '../../../src/aws/snapshots.ts';
import type { Examiner } from '../../../src/evidence/analysis/examiner.ts';
import { analysisTags, announced } from '../../../src/evidence/analysis/marks.ts';
import type { CustodyEntry } from '../../../src/record/evidence-store/custody.ts';
import type { EvidenceStore } from '../../../src/record/evidence-store/evidence-store.ts';
import type { Piece } from '../../../src/record/evidence-store/piece.ts';
import { accountId, caseId, instanceId, region } from '../../steps/sample-instance.ts';

/** A case with two volumes, and an examiner who sits at an instance beside it. */

export const theCase = { accountId, region, instanceId, caseId };
export const examinerId = 'i-0fedcba9876543210';
export const originals = ['vol-0000000000000000a', 'vol-0000000000000000b'] as const;
export const snapshotId = 'snap-0000000000000000a';
export const copyId = 'vol-00000000000000c0a';

export const aSnapshot = (change: Partial<FoundSnapshot> = {}): FoundSnapshot => ({
  snapshotId,
  volumeId: originals[0],
  state: 'completed',
  startedAt: new Date('2026-03-01T03:08:00.000Z'),
  ...change,
});

export const anExaminer = (change: Partial<Examiner> = {}): Examiner => ({
  instanceId: examinerId,
  zone: 'eu-central-1b',
  isWindows: false,
  rootDevice: '/dev/xvda',
  devices: ['/dev/xvda'],
  ...change,
});

/** A copy as `analyse` makes it. */
export const aCopy = (change: Partial<FoundVolume> = {}): FoundVolume => ({
  volumeId: copyId,
  state: 'available',
  snapshotId,
  createdAt: new Date('2026-03-02T09:00:05.000Z'),
  sizeGib: 8,
  encrypted: true,
  tags: analysisTags(theCase, aSnapshot(), examinerId),
  attachments: [],
  ...change,
});

/** The entry that `analyse` leaves before it makes a copy. */
export const anEntry = (change: Partial<CustodyEntry> = {}): CustodyEntry => ({
  at: '2026-03-02T09:00:00.000Z',
  by: 'sam',
  ...announced(snapshotId, examinerId),
  ...change,
});

/** A store that keeps custody, with these pieces in it. */
export const aStore = (pieces: readonly Piece[] = [], custody: readonly CustodyEntry[] = []) => {
  const entries = [...custody];
  const none = () => Promise.reject(new Error('no test expected this'));
  const store: EvidenceStore = {
    keep: none,
    note: none,
    end: none,
    outcomes: none,
    bucketName: 'evidence',
    delivered: none,
    read: none,
    find: async (collector, name) =>
      pieces.find((one) => one.collector === collector && one.name === name),
    pieces: async () => pieces,
    hand: async (entry) => {
      entries.push({ at: '2026-03-02T09:00:00.000Z', by: 'sam', ...entry });
    },
    custody: async () => [...entries],
  };
  return { store, entries };
};
