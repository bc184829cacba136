import { underCase } from './aws/current-case.ts';
import type { SettingsReading } from './aws/settings.ts';
import { ForeignInstanceError } from './case/errors.ts';
import { quoted } from './case/quoted.ts';
import type { CaseReport } from './case/report.ts';
import { assembleReport } from './case/report.ts';
import { unreadSentence } from './notify/unread.ts';
import type { RunbookDeps } from './run/answer-task.ts';
import type { Conduct } from './run/conduct.ts';
import { contain } from './run/contain.ts';
import type { ContainmentRequest } from './triggers/containment-request.ts';
import type { Place } from './triggers/decide.ts';
import { decide, unreadToTell } from './triggers/decide.ts';
import { parseEvent } from './triggers/parse-event.ts';

export interface ContainResult {
  readonly cases: readonly CaseReport[];
  /** Why the event, or a part of it, led to no case. */
  readonly skipped?: readonly { readonly reason: string }[];
}

/** What the event is about and does not name, or that it is about no instance at all. */
const withoutInstance = (
  request: ContainmentRequest,
  settings: SettingsReading['settings'],
  place: Place,
): readonly { readonly reason: string }[] => {
  const { trigger } = request;
  const unread = unreadToTell(request, settings, place);
  if (unread !== undefined) {
    const found = unread.clues.length === 0 ? '' : ` It mentions ${unread.clues.join(', ')}.`;
    return [{ reason: `${unreadSentence({ trigger, why: unread.why })}${found}` }];
  }
  return request.instances.length === 0
    ? [{ reason: `${quoted(trigger.type)} is not about an EC2 instance.` }]
    : [];
};

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
  const skipped = withoutInstance(request, settings, place);
  for (const { reason } of skipped) deps.log.info('skipped', { reason, trigger: request.trigger });
  if (request.instances.length === 0) return { cases: [], skipped };
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
      const run = { ...deps, settings, settingWarnings: warnings };
      return underCase(decision.case.caseId, () => contain(run, decision.case, conduct));
    }),
  );
  return { cases, ...(skipped.length === 0 ? {} : { skipped }) };
};
