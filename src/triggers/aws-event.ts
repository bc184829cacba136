import { isFields } from './trigger.ts';
import { unwrap } from './unwrap.ts';

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** In the envelope of EventBridge, as an alarm's action, as CloudTrail, a topic or a queue has it. */
const isOne = (event: unknown): boolean =>
  isFields(event) &&
  ((isText(event.source) && (isText(event['detail-type']) || 'alarmData' in event)) ||
    (isText(event.eventSource) && isText(event.eventName)) ||
    isText(event.EventSource));

/** Whether this is an event or a finding of AWS at all, be it one that Cordon acts on or not. */
export const isAwsEvent = (value: unknown): boolean => {
  try {
    return unwrap(value).every(isOne);
  } catch {
    // A notification that wraps a text is one of AWS all the same.
    return true;
  }
};
