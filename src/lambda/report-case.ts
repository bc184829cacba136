import { systemClock } from '../aws/clock.ts';
import { underCase } from '../aws/current-case.ts';
import type { Log } from '../aws/log.ts';
import { ownRegion } from '../aws/region.ts';
import type { CaseReport } from '../case/report.ts';
import { assembleReport } from '../case/report.ts';
import { functionOfStep } from '../functions/function-of-step.ts';
import { occasionOfReport, parseReportEvent } from '../functions/report-event.ts';
import { runBatches } from '../functions/run-entries.ts';
import type { Emptied } from '../record/chain/empty-outbox.ts';
import { emptyOutbox, emptyOutboxOf } from '../record/chain/empty-outbox.ts';
import { recordReport } from '../record/chain/record-report.ts';
import { readSettings } from '../settings/settings.ts';
import { withPage } from '../store-page.ts';
import type { LambdaContext } from './function-writer.ts';
import { emitCaseMetrics } from './metrics.ts';
import { recordDeps } from './record-deps.ts';

/** Goes on with records where nobody reports: after the watch, a release, a command. */
export const goOnWithRecords = async (
  log: Log,
  which: 'outbox' | { readonly caseId: string },
  context: LambdaContext | undefined,
): Promise<{ readonly records: readonly Emptied[] }> => {
  const deps = await recordDeps(log, readSettings(process.env).settings, context);
  if (deps === undefined) return { records: [] };
  const [, , , , accountId] = (context?.invokedFunctionArn ?? '').split(':');
  if (accountId === undefined) return { records: [] };
  const place = { accountId, region: ownRegion() };
  return {
    records:
      which === 'outbox'
        ? await emptyOutbox(deps, place)
        : [await emptyOutboxOf(deps, place, which.caseId)],
  };
};

/**
 * The report of a case, in the record of the case, with the head of that, and at the end with a link to its
 * page.
 *
 * @throws UnintelligibleEventError for an event that is no state of a run.
 */
export const reportCase = async (
  log: Log,
  event: unknown,
  context: LambdaContext | undefined,
): Promise<CaseReport> => {
  const { settings, warnings } = readSettings(process.env);
  const input = parseReportEvent(event, systemClock.now());
  const report = assembleReport({ ...input, settingWarnings: warnings });
  const occasion = occasionOfReport(input);
  if (input.finished && occasion !== 'evidence') emitCaseMetrics(report);
  if (report.dryRun === true) return report;
  return underCase(report.caseId, async () => {
    const deps = await recordDeps(log, settings, context);
    if (deps === undefined) return report;
    const recorded = await recordReport(deps, {
      ...{ report, occasion },
      steps: input.steps,
      doer: (step) => ({ actor: functionOfStep(step), program: functionOfStep(step) }),
      carried: runBatches((event as { readonly run: unknown }).run, systemClock.now()),
      settings: { ...settings },
    });
    return occasion === 'cut' ? recorded : withPage(deps, recorded);
  });
};
