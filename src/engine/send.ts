import type { Clock } from '../aws/clock.ts';
import { note } from '../aws/current-journal.ts';
import { codeOf, inWords } from '../aws/errors.ts';
import type { Log } from '../aws/log.ts';
import { printed } from '../case/undo/inverse.ts';
import type { Change } from './change.ts';

/** How a change ended. */
export interface Sent<Planned extends Change = Change> {
  readonly change: Planned;
  /** `already`: nothing was left to do; `not-applicable`: AWS does not allow it here. */
  readonly outcome: 'done' | 'already' | 'not-applicable' | 'failed';
  /** What AWS answered; absent where it accepted the change. */
  readonly error?: unknown;
}

/** The change in the journal of the case, with how it ended: the intended is never recorded as done. */
const noteSent = (
  caseId: string,
  change: Change,
  startedAt: Date,
  endedAt: Date,
  { outcome, error }: Omit<Sent, 'change'>,
): void => {
  const { call, resource, before, after, inverse = [] } = change;
  note(
    {
      kind: 'change',
      at: startedAt.toISOString(),
      until: endedAt.toISOString(),
      ...{ call, resource, before, after, outcome },
      undo: outcome === 'done' ? inverse.flatMap(printed) : [],
      ...(error === undefined ? {} : { error: { code: codeOf(error), message: inWords(error) } }),
    },
    caseId,
  );
};

/**
 * Sends one change, in the way in which it is to be tried. The log has what was before, what gives it
 * back, and how it ended, in the same form for every change of a case. Never throws.
 */
export const send = async <Planned extends Change>(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  caseId: string,
  change: Planned,
): Promise<Sent<Planned>> => {
  const { call, resource, before, after, inverse = [] } = change;
  const what = { caseId, call, resource, before, after };
  const startedAt = clock.now();
  const ended = (sent: Omit<Sent, 'change'>): Sent<Planned> => {
    noteSent(caseId, change, startedAt, clock.now(), sent);
    return { change, ...sent };
  };
  log.info('a change is sent', { ...what, undo: inverse.flatMap(printed) });
  const once = () => change.send(false);
  try {
    await (change.attempt === undefined ? once() : change.attempt(once));
  } catch (error) {
    const outcome = change.meaning?.(error) ?? 'failed';
    const said = { ...what, outcome, error: inWords(error) };
    if (outcome === 'failed') log.warn('a change failed', said);
    else log.info('a change was not made', said);
    return ended({ outcome, error });
  }
  log.info('a change was made', what);
  return ended({ outcome: 'done' });
};
