import { giveUpAfter } from '../../aws/deadline.ts';
import { inWords } from '../../aws/errors.ts';
import type { Log } from '../../aws/log.ts';
import type { CaseReport } from '../../case/report.ts';
import type { StepEntry, StepName } from '../../case/step.ts';
import type { Batch, Writer } from '../journal/batch.ts';
import { storyOf } from '../journal/story.ts';
import { putIntoOutbox } from '../outbox/outbox.ts';
import type { AppendDeps } from './append.ts';
import { appendToRecord } from './append.ts';
import type { Occasion } from './record-object.ts';

/** How long a message waits for the record, in milliseconds. */
const patience = 4_000;

/** How long the outbox is tried where the record is not to be had, in milliseconds. */
const patienceWithOutbox = 1_500;

export interface Reported {
  readonly report: CaseReport;
  /** The entries of the run, whole. */
  readonly steps: readonly StepEntry[];
  /** Who did a step, as far as that is known here. */
  readonly doer: (step: StepName) => Writer;
  /** What the steps have noted, as it came with the run. */
  readonly carried: readonly Batch[];
  readonly occasion: Occasion;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Appends a run to the record of its case beside the message about it, and gives the report with the head of
 * the record. Never throws: people are told in time, and a report without a head says why it has none.
 */
export const recordReport = async (
  deps: AppendDeps & { readonly log: Log },
  { report, steps, doer, carried, occasion, settings }: Reported,
): Promise<CaseReport> => {
  const { clock, log, writer } = deps;
  const story = storyOf(report, steps, writer, clock.now(), doer);
  const batches = [...carried.filter(({ caseId }) => caseId === report.caseId), ...story];
  try {
    const head = await giveUpAfter(clock, patience, () =>
      appendToRecord(deps, {
        case: report,
        ...{ occasion, settings, carried: batches },
        report: { ...report },
      }),
    );
    return head === undefined
      ? report
      : { ...report, record: { head: head.sha256, number: head.number } };
  } catch (error) {
    const { caseId } = report;
    log.error('the record was not gone on with', { caseId, error: inWords(error) });
    await giveUpAfter(clock, patienceWithOutbox, () =>
      // What came with this run alone would be lost with it.
      putIntoOutbox(deps.table, ...batches),
    ).catch((refusal: unknown) => {
      log.error('what was noted is not in the outbox', { caseId, error: inWords(refusal) });
    });
    return { ...report, recordMissing: `The record has no entry of this yet: ${inWords(error)}` };
  }
};
