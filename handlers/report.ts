import { systemClock } from '../src/aws/clock.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { ownRegion } from '../src/aws/region.ts';
import type { CaseReport } from '../src/case/report.ts';
import { assembleReport } from '../src/case/report.ts';
import { carriedBatches } from '../src/functions/carried-journal.ts';
import { parseRecordEvent } from '../src/functions/record-event.ts';
import { occasionOfReport, parseReportEvent } from '../src/functions/report-event.ts';
import type { LambdaContext } from '../src/lambda/function-writer.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { emitCaseMetrics } from '../src/lambda/metrics.ts';
import { recordDeps } from '../src/lambda/record-deps.ts';
import { withoutStack } from '../src/lambda/without-stack.ts';
import type { Emptied } from '../src/record/chain/empty-outbox.ts';
import { emptyOutbox, emptyOutboxOf } from '../src/record/chain/empty-outbox.ts';
import { recordReport } from '../src/record/chain/record-report.ts';
import { readSettings } from '../src/settings/settings.ts';

const log = makeLogger({ step: 'report' });

/** Records are gone on with where nobody reports: after the watch, a release, a command. */
const goOn = async (
  which: 'outbox' | { readonly caseId: string },
  context: LambdaContext | undefined,
): Promise<{ readonly records: readonly Emptied[] }> => {
  const deps = await recordDeps(log, readSettings(process.env).settings, context);
  if (deps === undefined) return { records: [] };
  const [, , , , accountId = ''] = (context?.invokedFunctionArn ?? '').split(':');
  const place = { accountId, region: ownRegion() };
  return {
    records:
      which === 'outbox'
        ? await emptyOutbox(deps, place)
        : [await emptyOutboxOf(deps, place, which.caseId)],
  };
};

/** The report, in the record of its case, with the head of that. */
const reported = async (
  event: unknown,
  context: LambdaContext | undefined,
): Promise<CaseReport> => {
  const { settings, warnings } = readSettings(process.env);
  const input = parseReportEvent(event, systemClock.now());
  const report = assembleReport({ ...input, settingWarnings: warnings });
  const occasion = occasionOfReport(input);
  if (input.finished && occasion !== 'evidence') emitCaseMetrics(report);
  if (report.dryRun === true) return report;
  const deps = await recordDeps(log, settings, context);
  if (deps === undefined) return report;
  const carried = carriedBatches(event);
  const { steps } = input;
  return recordReport(deps, { report, steps, carried, occasion, settings: { ...settings } });
};

/** The case report from the entries of the state machine's steps; alone appends to the records of cases. */
export const handler = async (
  event: unknown,
  context?: LambdaContext,
): Promise<CaseReport | { readonly records: readonly Emptied[] }> => {
  try {
    const which = parseRecordEvent(event);
    return which === undefined ? await reported(event, context) : await goOn(which, context);
  } catch (error) {
    throw withoutStack(asCordonError(error, 'Assembling the report'), log);
  }
};
