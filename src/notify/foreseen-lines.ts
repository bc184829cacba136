import type { CollectEvidenceDetail } from '../case/details.ts';
import { oneLine } from '../case/one-line.ts';
import type { CaseReport } from '../case/report.ts';
import { beginningOf } from '../case/report-size.ts';

const detailIn = ({ steps }: CaseReport): Partial<CollectEvidenceDetail> =>
  (steps.find(({ step }) => step === 'collect-evidence')?.detail ??
    {}) as Partial<CollectEvidenceDetail>;

/** In a dry run: one line for each kind of evidence, and whether it could be collected. */
export const foreseenLines = (report: CaseReport): string[] =>
  (detailIn(report).foreseen ?? []).map(
    ({ collector, can, sentence }) =>
      `${can ? 'possible' : 'NOT POSSIBLE'}: ${oneLine(collector)}: ${beginningOf(oneLine(sentence), 500)}`,
  );

/** Whether evidence beside snapshots is being collected, so that there is something to look at. */
export const collectsEvidence = (report: CaseReport): boolean =>
  detailIn(report).executionArn !== undefined;
