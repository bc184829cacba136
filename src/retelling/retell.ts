import type { KeyObject } from 'node:crypto';
import { caseBegan } from '../case/case.ts';
import { quoted } from '../case/quoted.ts';
import type { CaseReport } from '../case/report.ts';
import type { TimelineEvent } from '../case/timeline.ts';
import { localRecord } from '../record/chain/local-record.ts';
import type { StoredVersion } from '../record/chain/stored-object.ts';
import { entriesOfRecord, newestReport, timelineOfRecord } from '../record/chain/timeline.ts';
import type { KnownHead, VerifiedRecord } from '../record/chain/verify-record.ts';
import { verifyRecord } from '../record/chain/verify-record.ts';
import { writtenTags } from '../record/chain/written-tags.ts';
import type { EvidenceCase } from '../record/evidence-store/keys.ts';
import { caseTag, recordTag, stale } from '../record/trail/keys.ts';
import type { SealState } from '../record/trail/seal/judge-seal.ts';
import type { Seals } from '../record/trail/seal/judge-trail.ts';
import { noHead } from '../record/trail/seal/seal-value.ts';
import type { Tags, TagsByResource } from '../record/trail/tags.ts';
import type { TaggedSnapshot, TaggedStory } from '../record/trail/timeline.ts';
import { timelineOfTags } from '../record/trail/timeline.ts';
import { compareTags } from './compare-tags.ts';
import { mergeTimelines } from './merge-timelines.ts';
import type { Retelling, RetoldFrom } from './retelling.ts';
import { judged } from './retelling.ts';

/** The tags of a case as they were read, with what their seals say. */
export interface ReadTrail {
  /** Those of the instance and of what hangs on it; without the instance where that is gone. */
  readonly tags: TagsByResource;
  readonly seals: Seals;
  readonly snapshots: readonly TaggedSnapshot[];
}

/** Everything that was read of a case. */
export interface ReadCase {
  readonly case: EvidenceCase;
  readonly from: RetoldFrom;
  /** Absent where only the record is asked. */
  readonly trail?: ReadTrail;
  /** Every version in the folder of the record; absent where only tags are asked, or no store is known. */
  readonly versions?: readonly StoredVersion[];
  readonly publicKey: KeyObject | undefined;
  /** Whether the case that the tags of the instance name, if that is another one, is one of Cordon's. */
  readonly namedCaseIsKnown?: boolean;
  /** What the case table and messages know of the record. */
  readonly heads: readonly KnownHead[];
  /** How much waits to be appended to the record; until then it is behind the tags. */
  readonly pending: number;
  /** What could not be read, one sentence each. */
  readonly unread: readonly string[];
  /** The entries of this machine's journal, where no stack keeps a record. */
  readonly local?: readonly unknown[];
}

/** The tags, as far as they are of this case: a later one writes over those of the instance. */
const ownTrail = ({ case: { caseId, instanceId }, trail }: ReadCase): ReadTrail => {
  const none = { tags: {}, seals: {}, snapshots: trail?.snapshots ?? [] };
  return trail?.tags[instanceId]?.[caseTag] === caseId ? trail : none;
};

/** The heads that the tags of the case know. */
const headsOfTags = (instanceId: string, { tags, seals }: ReadTrail): readonly KnownHead[] => {
  const head = tags[instanceId]?.[recordTag] ?? stale;
  const ofSeals = Object.entries(seals).flatMap(([id, { state, seal }]) =>
    state !== 'sealed' || seal === undefined || seal.head === noHead
      ? []
      : [{ from: `the seal of ${id}`, head: seal.head }],
  );
  return head === stale ? ofSeals : [{ from: `the tag ${recordTag}`, head }, ...ofSeals];
};

const tampered: ReadonlySet<SealState> = new Set(['broken', 'replayed']);

const wordsOf = (seals: Seals, wanted: (state: SealState) => boolean): readonly string[] =>
  Object.entries(seals)
    .filter(([, { state }]) => wanted(state))
    .map(([id, { state, why }]) => `${id} is ${state}: ${why}`);

interface Silence {
  readonly why: string;
  /** False where somebody must have taken the tags away. */
  readonly natural: boolean;
}

/** Why the tags tell nothing of the case, where they do not. */
const silence = ({
  case: { caseId, instanceId },
  from,
  trail,
  namedCaseIsKnown = false,
}: ReadCase): Silence | undefined => {
  const tags = trail?.tags[instanceId];
  const named = tags?.[caseTag];
  if (from === 'record' || named === caseId) return undefined;
  if (tags === undefined) {
    return { why: `${instanceId} is gone, and its tags with it`, natural: true };
  }
  if (named === undefined) {
    return { why: `${instanceId} has no tag ${caseTag}`, natural: false };
  }
  const isLater = (caseBegan(named)?.getTime() ?? 0) > (caseBegan(caseId)?.getTime() ?? 0);
  // Whoever may write a tag can name a case that never was.
  const which = namedCaseIsKnown
    ? isLater
      ? 'a later case'
      : 'an earlier case'
    : 'a case of which there is no record';
  return {
    why: `the tags of ${instanceId} are of ${which}, ${quoted(named, 60)}`,
    natural: isLater && namedCaseIsKnown,
  };
};

const sameEvent = ({ at, what }: TimelineEvent): string => `${at} ${what}`;

/** What the tags tell in values that a call on record has written so. */
const vouchedEvents = (
  { caseId, tags }: Pick<TaggedStory, 'caseId' | 'tags'>,
  written: Tags = {},
): ReadonlySet<string> => {
  const same = Object.entries(tags).filter(([key, value]) => written[key] === value);
  const told = timelineOfTags({ caseId, tags: Object.fromEntries(same), snapshots: [] });
  return new Set(told.map(sameEvent));
};

const compare = (trail: ReadTrail, theCase: EvidenceCase, record: VerifiedRecord) => {
  const { caseId, instanceId } = theCase;
  const story = { caseId, tags: trail.tags[instanceId] ?? {}, snapshots: trail.snapshots };
  const ofTags = timelineOfTags(story);
  if (record.objects.length === 0) return { timeline: ofTags, disagreements: [] };
  const report = newestReport(record.objects)?.report as CaseReport | undefined;
  const ofRecord = timelineOfRecord(record.objects, report);
  const written = writtenTags(entriesOfRecord(record.objects));
  const vouched = vouchedEvents(story, written[instanceId]);
  const text = JSON.stringify(record.objects);
  const isKnown = (event: TimelineEvent): boolean =>
    vouched.has(sameEvent(event)) ||
    (/^snap-/.test(event.what) && text.includes(event.what.split(' ')[0] ?? ''));
  const { events, onlyInTags } = mergeTimelines(ofTags, ofRecord, isKnown);
  return {
    timeline: events,
    disagreements: [
      ...compareTags(trail.tags, written, trail.seals),
      ...onlyInTags.map(({ at, what }) => `${at} ${what}: the tags tell it, the record does not`),
    ],
  };
};

const none: VerifiedRecord = { objects: [], broken: [], doubts: [] };

/** The record of the case: that of the store, or where no stack keeps one, the journal of this machine. */
const recordIn = (
  { case: theCase, from, versions, local, publicKey }: ReadCase,
  heads: readonly KnownHead[],
): VerifiedRecord => {
  if (from === 'tags') return none;
  if (local !== undefined) return localRecord(theCase, local);
  // What was not read is neither missing nor broken.
  return versions === undefined
    ? none
    : verifyRecord(versions, { case: theCase, publicKey, heads });
};

/** Retells a case from what was read of it, and judges whether that can be believed. Pure. */
export const retell = (read: ReadCase): Retelling => {
  const { case: theCase, from, unread } = read;
  const trail = ownTrail(read);
  const heads = [...read.heads, ...headsOfTags(theCase.instanceId, trail)];
  const record = recordIn(read, heads);
  const { timeline, disagreements } = compare(trail, theCase, record);
  const isBehind = read.pending > 0 && from !== 'tags';
  const quiet = silence(read);
  const hasRecord = record.objects.length > 0;
  const isRemark = quiet?.natural === true && hasRecord;
  const lacking = [
    ...(from === 'tags' || hasRecord ? [] : ['the store has no record of the case']),
    ...(quiet === undefined || isRemark || hasRecord ? [] : [quiet.why]),
  ];
  const { head } = record;
  const { instanceId } = theCase;
  const unsealed = trail.tags[instanceId] !== undefined && trail.seals[instanceId] === undefined;
  return judged({
    ...theCase,
    from,
    timeline,
    broken: [...record.broken, ...wordsOf(read.trail?.seals ?? {}, (state) => tampered.has(state))],
    disagreements: [
      ...(quiet !== undefined && hasRecord && !isRemark ? [quiet.why] : []),
      ...(isBehind ? [] : disagreements),
    ],
    doubts: [
      ...unread,
      ...(isBehind ? [`the record is behind: ${read.pending} notes wait to be appended`] : []),
      ...(isBehind ? disagreements : []),
      ...lacking,
      ...record.doubts,
      ...(unsealed ? [`${instanceId} has no seal`] : []),
      ...wordsOf(trail.seals, (state) => state !== 'sealed' && !tampered.has(state)),
    ],
    remarks: isRemark ? [quiet.why] : [],
    ...(head === undefined ? {} : { record: { objects: record.objects.length, head } }),
    seals: Object.fromEntries(Object.entries(trail.seals).map(([id, { state }]) => [id, state])),
  });
};
