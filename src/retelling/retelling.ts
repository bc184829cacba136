import type { TimelineEvent } from '../case/timeline.ts';
import type { EvidenceCase } from '../record/evidence-store/keys.ts';
import type { SealState } from '../record/trail/seal/judge-seal.ts';

/** What a case is retold from. */
export type RetoldFrom = 'both' | 'tags' | 'record';

/** Whether what was read of a case can be believed. */
export type TrailVerdict = 'HOLDS' | 'BROKEN' | 'DISAGREES' | 'UNPROVEN';

/** The story of a case, and whether it can be believed. */
export interface Retelling extends EvidenceCase {
  readonly verdict: TrailVerdict;
  /** One sentence: the first of what is wrong, or what was found to hold. */
  readonly reason: string;
  readonly from: RetoldFrom;
  readonly timeline: readonly TimelineEvent[];
  /** What shows that somebody changed the trail, one sentence each. */
  readonly broken: readonly string[];
  /** Where two sources differ, value by value. */
  readonly disagreements: readonly string[];
  /** What could not be told. */
  readonly doubts: readonly string[];
  /** What else a reader must know; it is no reason to doubt. */
  readonly remarks: readonly string[];
  /** Absent where the case is retold from tags alone, or has no record. */
  readonly record?: { readonly objects: number; readonly head: string };
  /** The state of each seal, by resource. */
  readonly seals: Readonly<Record<string, SealState>>;
}

const more = (sentences: readonly string[]): string =>
  sentences.length > 1 ? `${sentences[0]}, and ${sentences.length - 1} more` : (sentences[0] ?? '');

const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? '' : 's'}`;

const whatHolds = ({ timeline, record, seals }: Omit<Retelling, 'verdict' | 'reason'>): string => {
  const parts = [
    count(timeline.length, 'event'),
    ...(record === undefined ? [] : [count(record.objects, 'signed object')]),
    ...(Object.keys(seals).length === 0 ? [] : [count(Object.keys(seals).length, 'seal')]),
  ];
  return parts.join(', ');
};

/** Judges a story: what is broken comes before what disagrees, and that before what is in doubt. */
export const judged = (story: Omit<Retelling, 'verdict' | 'reason'>): Retelling => {
  const { broken, disagreements, doubts } = story;
  if (broken.length > 0) return { ...story, verdict: 'BROKEN', reason: more(broken) };
  if (disagreements.length > 0) {
    return { ...story, verdict: 'DISAGREES', reason: more(disagreements) };
  }
  if (doubts.length > 0) return { ...story, verdict: 'UNPROVEN', reason: more(doubts) };
  return { ...story, verdict: 'HOLDS', reason: whatHolds(story) };
};
