import type { KeyObject } from 'node:crypto';
import type { Clock } from './aws/clock.ts';
import { inWords } from './aws/errors.ts';
import { defined } from './case/defined.ts';
import type { CaseReport } from './case/report.ts';
import { timelineOfReport } from './case/report-timeline.ts';
import type { VerifiedCase } from './case/verdict.ts';
import type { EvidenceReading, VerifyResource } from './evidence/read-evidence.ts';
import { readEvidence } from './evidence/read-evidence.ts';
import { parseCaseReport } from './functions/case-report-event.ts';
import { verdictLine } from './notify/proof-text.ts';
import type { TableOfStack } from './record/chain/known-head.ts';
import { readKnownHead } from './record/chain/known-head.ts';
import type { CaseRecord } from './record/chain/read-record.ts';
import { readRecord } from './record/chain/read-record.ts';
import { betweenReads, readVersions } from './record/chain/read-versions.ts';
import { entriesOfRecord, newestReport, timelineOfRecord } from './record/chain/timeline.ts';
import type { EvidenceStore } from './record/evidence-store/evidence-store.ts';
import type { EvidenceCase } from './record/evidence-store/keys.ts';
import type { Bucket } from './record/evidence-store/objects.ts';
import type { Story } from './report-page/story.ts';

/** What the evidence store has of a case. */
export interface StoredCase {
  /** Absent where the store has none. */
  readonly record?: CaseRecord;
  /** The newest case report of the record; absent where it has none that can be read. */
  readonly report?: CaseReport;
  readonly evidence?: EvidenceReading;
  /** How many notes wait to be appended to the record; absent: none. */
  readonly pending?: number;
  /** What could not be read, one sentence each. */
  readonly notes: readonly string[];
}

const asNote = (doubt: string): string => `Not verified: ${doubt}`;

/** What is read, or undefined beside a sentence that says why not: one does not keep the other. */
const orNote = async <Value>(
  what: string,
  reading: Promise<Value>,
): Promise<{ readonly value?: Value; readonly notes: readonly string[] }> => {
  try {
    return { value: await reading, notes: [] };
  } catch (error) {
    return { notes: [`${what} could not be read: ${inWords(error)}`] };
  }
};

/** The newest case report of a record. One that cannot be read is said, and no older one taken for it. */
const reportIn = (
  record: CaseRecord | undefined,
): { readonly value?: CaseReport; readonly notes: readonly string[] } => {
  const found = newestReport(record?.objects ?? []);
  if (found === undefined) return { notes: [] };
  try {
    return { value: parseCaseReport(found.report), notes: [] };
  } catch (error) {
    const why = `The case report in object ${found.number} of the record cannot be read`;
    return { notes: [`${why}: ${inWords(error)}`] };
  }
};

/** What the stored case is read with. */
export interface StoreDeps {
  readonly bucket: Bucket;
  readonly store: EvidenceStore;
  readonly clock: Clock;
  /** The key that verifies the record; undefined where no stack has one. May reject. */
  readonly publicKey: (() => Promise<KeyObject>) | undefined;
  /** The case table, which knows where the record ends. */
  readonly table: TableOfStack;
  readonly verifyResource: VerifyResource;
}

/** A record, and what waits to be appended to it. */
interface ReadRecord {
  readonly record: CaseRecord | undefined;
  readonly pending: number;
  readonly doubts: readonly string[];
}

const readOnce = async (
  { bucket, table }: StoreDeps,
  theCase: EvidenceCase,
  publicKey: KeyObject | undefined,
): Promise<ReadRecord> => {
  const doubts: string[] = [];
  let pending = 0;
  const heads = async () => {
    const known = await readKnownHead(table, theCase, doubts);
    pending = known.pending;
    return known.heads;
  };
  const record = await readRecord(bucket, theCase, { publicKey, heads }, readVersions);
  return { record, pending, doubts };
};

const readSteadily = async (deps: StoreDeps, theCase: EvidenceCase): Promise<ReadRecord> => {
  const publicKey = await deps.publicKey?.().catch(() => undefined);
  const read = await readOnce(deps, theCase, publicKey);
  if (read.record === undefined || read.record.broken.length === 0) return read;
  await deps.clock.sleep(betweenReads);
  return readOnce(deps, theCase, publicKey);
};

/** Reads the record of a case and its evidence. Never rejects: what could not be read is said. */
export const readStoredCase = async (
  deps: StoreDeps,
  theCase: EvidenceCase,
): Promise<StoredCase> => {
  const { bucket, store, verifyResource } = deps;
  const [reading, evidence] = await Promise.all([
    orNote('The record', readSteadily(deps, theCase)),
    orNote('The evidence', readEvidence(bucket, store, theCase, verifyResource)),
  ]);
  const { record, pending = 0, doubts = [] } = reading.value ?? {};
  const report = reportIn(record);
  return {
    ...defined({ record, report: report.value, evidence: evidence.value }),
    pending,
    notes: [...reading.notes, ...doubts.map(asNote), ...report.notes, ...evidence.notes],
  };
};

/** The story of a case as its record tells it; undefined where the record has no case report. */
export const storyOfRecord = (
  { record, report, evidence, pending = 0, notes }: StoredCase,
  now: Date,
): Story | undefined => {
  if (record === undefined || report === undefined) return undefined;
  const { objects, head, broken, doubts } = record;
  return {
    report,
    timeline: timelineOfRecord(objects, report),
    entries: entriesOfRecord(objects),
    ...defined({ evidence }),
    source: { kind: 'record', head, objects: objects.length, breaks: broken, doubts, pending },
    notes,
    madeAt: now.toISOString(),
  };
};

/** A case as its report alone tells it, with what the store has beside it. */
export const storyOfReport = (
  report: CaseReport,
  why: string,
  { evidence, notes }: StoredCase,
  now: Date,
): Story => ({
  report,
  timeline: timelineOfReport(report, 'record'),
  entries: [],
  ...(evidence === undefined ? {} : { evidence }),
  source: { kind: 'report', why },
  notes,
  madeAt: now.toISOString(),
});

/** Of a read-back it is known when it was read, and not when the instance was isolated. */
const withoutTimes = (report: VerifiedCase): CaseReport => {
  const { isolatedAt: _at, secondsToIsolate: _to, secondsFromFinding: _from, ...rest } = report;
  return rest;
};

/** A case as AWS shows its instance now, with what the store has beside it. */
export const storyOfReadBack = (
  verified: VerifiedCase,
  why: string,
  { record, evidence, notes }: StoredCase,
  now: Date,
): Story => {
  const report = withoutTimes(verified);
  const reading = timelineOfReport(report, 'tags').filter(({ kind }) => kind === 'step');
  const objects = record?.objects ?? [];
  return {
    report,
    timeline: [...timelineOfRecord(objects), ...reading],
    entries: entriesOfRecord(objects),
    ...defined({ evidence }),
    source: { kind: 'read-back', why, line: verdictLine(verified) },
    notes,
    madeAt: now.toISOString(),
  };
};
