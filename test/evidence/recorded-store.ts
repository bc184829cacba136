import type { CustodyEntry } from '../../src/record/evidence-store/custody.ts';
import type { EvidenceStore } from '../../src/record/evidence-store/evidence-store.ts';
import type { Piece } from '../../src/record/evidence-store/piece.ts';

type Handed = Pick<CustodyEntry, 'what' | 'piece' | 'detail'>;

/** A store in memory, for collectors that keep no content: what is on record stays as it is. */
export const recordedStore = () => {
  const pieces: Piece[] = [];
  const handed: Handed[] = [];
  const find: EvidenceStore['find'] = async (collector, name) =>
    pieces.find((one) => one.collector === collector && one.name === name);
  const store: EvidenceStore = {
    keep: async () => {
      throw new Error('no content was to be kept');
    },
    note: async (piece) => {
      const there = await find(piece.collector, piece.name);
      if (there !== undefined) return there;
      const noted = { ...piece, collectedAt: '2026-03-01T03:07:00.000Z', by: 'a test' };
      pieces.push(noted);
      return noted;
    },
    find,
    pieces: async () => pieces,
    hand: async (entry) => {
      handed.push(entry);
    },
    custody: async () => [],
    bucketName: 'evidence',
    delivered: async () => [],
    read: async () => new Uint8Array(),
    end: async () => {},
    outcomes: async () => [],
  };
  return { store, pieces, handed };
};
