import type { SettingsReading } from './aws/settings.ts';
import { ForeignInstanceError } from './case/errors.ts';
import type { CaseReport } from './case/report.ts';
import { assembleReport } from './case/report.ts';
import type { RunbookDeps } from './runbook.ts';
import { contain } from './runbook.ts';
import type { Conduct } from './step-runner.ts';
import type { Place } from './triggers/decide.ts';
import { decide } from './triggers/decide.ts';
import { parseEvent } from './triggers/parse-event.ts';

export interface ContainResult {
  readonly cases: readonly CaseReport[];
  /** Why the event led to no case at all. */
  readonly skipped?: readonly { readonly reason: string }[];
}

/**
 * Any trigger event, or a manual one, through the whole runbook in this process.
 *
 * @throws UnintelligibleEventError when the event is not understood; nothing was changed.
 * @throws ForeignInstanceError for an instance of another Region than the process works in.
 */
export const containEvent = async (
  deps: Omit<RunbookDeps, 'settings' | 'settingWarnings'>,
  { settings, warnings }: SettingsReading,
  place: Place,
  event: unknown,
  conduct?: Conduct,
): Promise<ContainResult> => {
  const now = deps.clock.now();
  const request = parseEvent(event, now);
  if (request.instances.length === 0) {
    const reason = `${request.trigger.type} is not about an EC2 instance.`;
    deps.log.info('skipped', { reason, trigger: request.trigger });
    return { cases: [], skipped: [{ reason }] };
  }
  const decisions = decide(request, settings, place, now);
  // The lines of several cases at once cannot be told apart by a field of the log.
  if (decisions[0] !== undefined && decisions.length === 1) {
    deps.log.about?.({ caseId: decisions[0].case.caseId });
  }
  const cases = await Promise.all(
    decisions.map((decision) => {
      if (decision.kind === 'skip') {
        const { case: theCase, reason } = decision;
        deps.log.info('skipped', { reason, trigger: request.trigger });
        if (request.trigger.source === 'manual') throw new ForeignInstanceError(reason);
        return assembleReport({ case: theCase, steps: [], finished: true, now, skip: reason });
      }
      return contain({ ...deps, settings, settingWarnings: warnings }, decision.case, conduct);
    }),
  );
  return { cases };
};
