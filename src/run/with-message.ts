import type { CaseReport } from '../case/report.ts';
import type { StepEntry } from '../case/step.ts';

/** The report with what became of its message, which it was written before. */
export const withMessage = (report: CaseReport, told: StepEntry | undefined): CaseReport => {
  if (told === undefined) return report;
  const steps = [...report.steps, told];
  return told.outcome === 'failed'
    ? { ...report, steps, reason: `${report.reason} Nobody was told: ${told.error?.message}` }
    : { ...report, steps };
};
