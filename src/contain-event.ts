import { underCase } from './aws/current-case.ts';
import type { Note } from './aws/current-journal.ts';
import { journaling } from './aws/current-journal.ts';
import type { Case } from './case/case.ts';
import { ForeignInstanceError } from './case/errors.ts';
import { quoted } from './case/quoted.ts';
import type { CaseReport } from './case/report.ts';
import { assembleReport } from './case/report.ts';
import { unreadSentence } from './notify/unread.ts';
import type { CaseLock } from './record/case-table/case-lock.ts';
import type { RunbookDeps } from './run/answer-task.ts';
import type { Conduct } from './run/conduct.ts';
import { contain } from './run/contain.ts';
import type { SettingsReading } from './settings/settings.ts';
import type { ContainmentRequest } from './triggers/containment-request.ts';
import type { Decision, Place } from './triggers/decide.ts';
import { decide, strictest, unreadToTell } from './triggers/decide.ts';
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

/** What containing an event works with: the clients of the runbook, and the lock of a stack's table. */
type ContainDeps = Omit<RunbookDeps, 'settings' | 'settingWarnings'> & {
  readonly lock?: CaseLock;
  /** Keeps what was done of a case for its record. */
  readonly keepRun?: (report: CaseReport, notes: readonly Note[]) => Promise<void>;
  /** What a person puts before the cut, though the instance is open meanwhile. */
  readonly beforeTheCut?: (theCase: Case) => Promise<Case>;
};

type Deciding = {
  readonly deps: ContainDeps;
  readonly reading: SettingsReading;
  readonly conduct?: Conduct | undefined;
};

/** What becomes of one instance: a containment, a question that nobody waits for here, or nothing. */
const carryOut = async (
  { deps, reading: { settings, warnings }, conduct }: Deciding,
  decision: Decision,
): Promise<CaseReport> => {
  const { kind, case: theCase, reason } = decision;
  if (kind === 'contain') {
    const run = { ...deps, settings, settingWarnings: warnings };
    const locked = (await deps.lock?.take(theCase)) ?? theCase;
    const { beforeTheCut = async (same: Case) => same } = deps;
    const notes: Note[] = [];
    const report = await journaling(notes, () =>
      underCase(locked.caseId, async () => contain(run, await beforeTheCut(locked), conduct)),
    );
    await deps.lock?.settle(report);
    await deps.keepRun?.(report, notes);
    return report;
  }
  deps.log.info(kind === 'ask' ? 'asked' : 'skipped', { reason, trigger: theCase.trigger });
  if (kind === 'skip' && theCase.trigger.source === 'manual')
    throw new ForeignInstanceError(reason);
  return assembleReport({
    case: theCase,
    steps: [],
    finished: true,
    now: deps.clock.now(),
    ...(kind === 'ask' ? { ask: reason } : { skip: reason }),
  });
};

/**
 * Any trigger event, or a manual one, through the whole runbook in this process. A question is
 * answered `asked` at once: nothing here waits for people.
 *
 * @throws UnintelligibleEventError when the event is not understood; nothing was changed.
 * @throws ForeignInstanceError for an instance of another Region than the process works in.
 */
export const containEvent = async (
  deps: ContainDeps,
  reading: SettingsReading,
  place: Place,
  event: unknown,
  conduct?: Conduct,
): Promise<ContainResult> => {
  const { settings } = reading;
  const now = deps.clock.now();
  const requests = parseEvent(event, now);
  const skipped = requests.flatMap((request) => withoutInstance(request, settings, place));
  for (const { reason } of skipped) deps.log.info('skipped', { reason });
  const decisions = strictest(requests.flatMap((request) => decide(request, settings, place, now)));
  // The lines of several cases at once cannot be told apart by a field of the log.
  if (decisions[0] !== undefined && decisions.length === 1) {
    deps.log.about?.({ caseId: decisions[0].case.caseId });
  }
  const deciding = { deps, reading, conduct };
  const cases = await Promise.all(decisions.map((decision) => carryOut(deciding, decision)));
  return { cases, ...(skipped.length === 0 ? {} : { skipped }) };
};
