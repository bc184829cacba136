import { systemClock } from '../src/aws/clock.ts';
import { asCordonError } from '../src/aws/errors.ts';
import type { CaseReport } from '../src/case/report.ts';
import { assembleReport } from '../src/case/report.ts';
import { parseReportEvent } from '../src/functions/report-event.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { emitCaseMetrics } from '../src/lambda/metrics.ts';
import { withoutStack } from '../src/lambda/without-stack.ts';
import { readSettings } from '../src/settings/settings.ts';

const log = makeLogger({ step: 'report' });

/** The case report from the entries of the state machine's steps; calls no AWS service. */
export const handler = async (event: unknown): Promise<CaseReport> => {
  try {
    const { warnings } = readSettings(process.env);
    const input = parseReportEvent(event, systemClock.now());
    const report = assembleReport({ ...input, settingWarnings: warnings });
    const evidence = input.steps.some((entry) => entry.step === 'check-snapshots');
    if (input.finished && !evidence) emitCaseMetrics(report);
    return report;
  } catch (error) {
    throw withoutStack(asCordonError(error, 'Assembling the report'), log);
  }
};
