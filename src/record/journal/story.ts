import { createHash } from 'node:crypto';
import type { CaseReport } from '../../case/report.ts';
import type { StepEntry, StepName } from '../../case/step.ts';
import type { Batch, Writer } from './batch.ts';
import type { NewEntry } from './entry.ts';

/** The same entry has the same id, whoever tells it and however often. */
const batchOf = (
  caseId: string,
  writer: Writer,
  entry: NewEntry,
  identity: readonly string[],
): Batch => {
  const words = JSON.stringify([caseId, entry.kind, ...identity]);
  const digest = createHash('sha256').update(words).digest('hex').slice(0, 24);
  return {
    id: `${entry.kind}-${digest}`,
    caseId,
    at: entry.until ?? entry.at,
    writer,
    entries: [entry],
  };
};

const ofFinding = ({ trigger, startedAt }: CaseReport): NewEntry => ({
  kind: 'finding',
  // The finding's own time is a claim of whoever sent it, and stands in the detail.
  at: startedAt,
  sentence: `The case began with a finding of ${trigger.source}.`,
  detail: trigger,
});

const ofStep = ({ step, outcome, startedAt, finishedAt, detail, error }: StepEntry): NewEntry => ({
  kind: 'step',
  at: startedAt,
  until: finishedAt,
  ...{ step, outcome, detail },
  ...(error === undefined ? {} : { error }),
});

const ofStatus = ({ status, reason, finishedAt }: CaseReport, now: Date): NewEntry => ({
  kind: 'status',
  at: finishedAt ?? now.toISOString(),
  outcome: status,
  sentence: reason,
});

/**
 * When a step was, as far as that tells it from others. A step whose function gave no answer has the time of
 * whoever reads of it, which is another one in each report of the run.
 */
const timesOf = (
  { startedAt, finishedAt, outcome }: StepEntry,
  otherwise: string,
): readonly string[] =>
  outcome === 'failed' && startedAt === finishedAt ? [otherwise] : [startedAt, finishedAt];

/**
 * How a step ended.
 *
 * @param writer who did it.
 * @param run tells its run from other runs of the case.
 */
export const stepBatch = (caseId: string, writer: Writer, entry: StepEntry, run: string): Batch => {
  const { step, outcome, error } = entry;
  const identity = [step, ...timesOf(entry, run), outcome, error?.code ?? ''];
  return batchOf(caseId, writer, ofStep(entry), identity);
};

/**
 * What a run itself tells of a case, beside what its steps have noted: what began it, how each step ended,
 * also where its function said nothing, and how the case stands.
 *
 * @param steps the entries of the run, whole: the report may have them shortened.
 * @param doer who did a step: who tells of it did not.
 */
export const storyOf = (
  report: CaseReport,
  steps: readonly StepEntry[],
  writer: Writer,
  now: Date,
  doer: (step: StepName) => Writer,
): readonly Batch[] => {
  const { caseId, trigger, startedAt, status, finishedAt } = report;
  const found = [trigger.source, trigger.id, trigger.at, startedAt];
  const standing = [status, startedAt, report.isolatedAt ?? ''];
  return [
    batchOf(caseId, writer, ofFinding(report), found),
    ...steps.map((one) => stepBatch(caseId, doer(one.step), one, startedAt)),
    ...(finishedAt === undefined ? [] : [batchOf(caseId, writer, ofStatus(report, now), standing)]),
  ];
};
