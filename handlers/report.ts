import { systemClock } from '../src/aws/clock.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { readSettings } from '../src/aws/settings.ts';
import type { CaseReport } from '../src/case/report.ts';
import { assembleReport } from '../src/case/report.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { parseReportEvent } from '../src/lambda/report-event.ts';
import { withoutStack } from '../src/lambda/without-stack.ts';

const log = makeLogger({ step: 'report' });

/** The case report from the entries of the state machine's steps; calls no AWS service. */
export const handler = async (event: unknown): Promise<CaseReport> => {
  try {
    const { warnings } = readSettings(process.env);
    return assembleReport({
      ...parseReportEvent(event, systemClock.now()),
      settingWarnings: warnings,
    });
  } catch (error) {
    throw withoutStack(asCordonError(error, 'Assembling the report'), log);
  }
};
