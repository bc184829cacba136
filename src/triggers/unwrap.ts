import { UnintelligibleEventError } from '../case/errors.ts';
import { triggers } from './index.ts';
import type { Fields } from './trigger.ts';
import { isFields } from './trigger.ts';

/** A message in a queue that listens to a topic is wrapped twice; more is no wrapping of AWS's. */
const deepest = 3;

const textIn = (text: unknown, where: string): unknown => {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnintelligibleEventError(`${where} wraps a text that is no JSON.`, { cause: error });
  }
};

/** A record that cannot be read stands there as its error, and costs the others nothing. */
const inRecord = (record: unknown): unknown => {
  if (!isFields(record)) return record;
  try {
    if (isFields(record.Sns)) return textIn(record.Sns.Message, 'The notification of SNS');
    if (typeof record.body === 'string') return textIn(record.body, 'The message of SQS');
    return record;
  } catch (error) {
    return error;
  }
};

/** The events inside a notification of SNS, messages of SQS, or an answer of GetFindings. */
const inside = (event: Fields): readonly unknown[] | undefined => {
  if (typeof event.Message === 'string' && event.Type === 'Notification') {
    return [textIn(event.Message, 'The notification of SNS')];
  }
  if (Array.isArray(event.Records)) return event.Records.map(inRecord);
  return Array.isArray(event.Findings) ? event.Findings : undefined;
};

/**
 * Events as EventBridge would have sent them, out of the ways in which people and services hand them
 * on: an SNS notification, SQS messages, an answer of GetFindings, a finding alone, a finding with
 * the names of the API. Anything else is returned as it is. A record that wraps no JSON is returned as
 * its UnintelligibleEventError.
 *
 * @throws UnintelligibleEventError when what is wrapped is no JSON.
 */
export const unwrap = (event: unknown, depth = 0): readonly unknown[] => {
  if (!isFields(event) || event instanceof Error) return [event];
  for (const { inEnvelope } of triggers) {
    const enveloped = inEnvelope(event);
    if (enveloped !== undefined) return [enveloped];
  }
  const wrapped = depth < deepest ? inside(event) : undefined;
  return wrapped === undefined ? [event] : wrapped.flatMap((one) => unwrap(one, depth + 1));
};
