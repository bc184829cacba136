import { note } from '../aws/current-journal.ts';
import type { Decision } from '../triggers/decide.ts';
import type { TakenUp } from './taking-up.ts';

type Came = TakenUp | { readonly kind: 'asked'; readonly reason: string };

/** What became of a finding, in one word. */
const outcomeOf = (taken: Came): string =>
  taken.kind === 'execution' ? taken.execution.outcome : taken.kind;

/**
 * Notes a finding in the journal of its case: what it said, what was decided of it and why, and whether it
 * began the case or came while it was open. It is called under the case that the finding belongs to.
 */
export const noteDecision = (
  { case: theCase, kind, reason }: Decision,
  taken: Came,
  now: Date,
): void => {
  if (theCase.dryRun) return;
  note({
    kind: 'decision',
    at: now.toISOString(),
    outcome: outcomeOf(taken),
    sentence: reason,
    detail: {
      decided: kind,
      trigger: theCase.trigger,
      ...('reason' in taken ? { why: taken.reason } : {}),
    },
  });
};
