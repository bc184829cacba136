import { UnintelligibleEventError } from '../case/errors.ts';
import { quoted } from '../case/quoted.ts';
import type { ContainmentRequest } from './containment-request.ts';
import { parseGuarddutyEvent } from './guardduty/parse.ts';
import { parseManualEvent, parseManualRequest } from './manual/parse.ts';
import { unwrap } from './unwrap.ts';

const accepted =
  'Accepted are an EventBridge event from GuardDuty ("GuardDuty Finding"), one with the source cordon.manual, or {"instanceId": "i-…"}';

const worded = (value: unknown, otherwise: string): string => {
  if (value === undefined) return otherwise;
  return quoted(typeof value === 'string' ? value : JSON.stringify(value), 80);
};

const nameOf = (event: { source?: unknown; 'detail-type'?: unknown }): string =>
  `${worded(event.source, 'no source')}, ${worded(event['detail-type'], 'no detail-type')}`;

/**
 * Any event that Cordon may be started with, understood.
 *
 * @throws UnintelligibleEventError when it is none that Cordon knows, in one sentence.
 */
export const parseEvent = (received: unknown, now: Date): ContainmentRequest => {
  const event = unwrap(received);
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw new UnintelligibleEventError(`The event is no JSON object. ${accepted}.`);
  }
  if ('source' in event && event.source === 'aws.guardduty') {
    return parseGuarddutyEvent(event, now);
  }
  if ('source' in event && event.source === 'cordon.manual') return parseManualEvent(event, now);
  if ('instanceId' in event) return parseManualRequest(event, now);
  throw new UnintelligibleEventError(
    `Cordon does not know this event (${nameOf(event)}). ${accepted}.`,
  );
};
