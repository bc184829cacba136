import type { Trigger } from '../case/case.ts';
import { quoted } from '../case/quoted.ts';
import type { ContainmentRequest } from './containment-request.ts';
import type { Decision } from './decide.ts';
import { decideOn } from './decide.ts';
import { parseEvent } from './parse-event.ts';
import type { PolicySettings } from './policy.ts';
import { modeFor } from './policy.ts';

/** What would happen to one instance that an event names. */
export interface TriagedInstance {
  readonly instanceId: string;
  /** Null where the event does not say, or not so that it can be read. */
  readonly accountId: string | null;
  readonly region: string | null;
  readonly action: 'contain' | 'ask' | 'skip';
  readonly reason: string;
  readonly trigger: Trigger;
}

export interface Triage {
  readonly decisions: readonly TriagedInstance[];
  /** A sentence for each finding that names no instance, or none that can be read. */
  readonly remarks: readonly string[];
}

const orNull = (text: string): string | null => (text === '' ? null : text);

const told = (decision: Decision, settings: PolicySettings): TriagedInstance => {
  const { kind, case: theCase, reason } = decision;
  const { instanceId, accountId, region, trigger } = theCase;
  const observes =
    kind === 'contain' && theCase.dryRun && modeFor(trigger.severity, settings) === 'observe';
  return {
    instanceId,
    accountId: orNull(accountId),
    region: orNull(region),
    action: observes ? 'skip' : kind,
    reason: observes ? `The mode is observe: nothing is changed. Else: ${reason}` : reason,
    trigger,
  };
};

const remarkOn = ({ trigger, instances, unread }: ContainmentRequest): readonly string[] => {
  const type = quoted(trigger.type);
  if (unread !== undefined) {
    const found = unread.clues.length === 0 ? '' : ` It mentions ${unread.clues.join(', ')}.`;
    return [`${type} is about an instance that cannot be read: ${unread.why}.${found}`];
  }
  return instances.length === 0 ? [`${type} names no EC2 instance.`] : [];
};

/**
 * What each finding of an event would lead to, without a call of AWS.
 *
 * @throws UnintelligibleEventError when the event is none that Cordon knows, in one sentence.
 */
export const triage = (event: unknown, settings: PolicySettings, now: Date): Triage => {
  const requests = parseEvent(event, now);
  return {
    decisions: requests
      .flatMap((request) => decideOn(request, { settings, now }))
      .map((decision) => told(decision, settings)),
    remarks: requests.flatMap(remarkOn),
  };
};
