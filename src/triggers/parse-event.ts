import { UnintelligibleEventError } from '../case/errors.ts';
import { quoted } from '../case/quoted.ts';
import type { ContainmentRequest } from './containment-request.ts';
import { triggers } from './index.ts';
import { isFields } from './trigger.ts';
import { unreadableRequest } from './unreadable-request.ts';
import { unwrap } from './unwrap.ts';

const accepted =
  'Accepted are EventBridge events from GuardDuty, Security Hub and CloudWatch alarms, one with the source cordon.manual, or {"instanceId": "i-…"}';

const worded = (value: unknown, otherwise: string): string => {
  if (value === undefined) return otherwise;
  return quoted(typeof value === 'string' ? value : JSON.stringify(value), 80);
};

const nameOf = (event: { source?: unknown; 'detail-type'?: unknown }): string =>
  `${worded(event.source, 'no source')}, ${worded(event['detail-type'], 'no detail-type')}`;

const parseOne = (event: unknown, now: Date): readonly ContainmentRequest[] => {
  if (!isFields(event)) {
    throw new UnintelligibleEventError(`The event is no JSON object. ${accepted}.`);
  }
  const kind = triggers.find(({ recognises }) => recognises(event));
  if (kind !== undefined) return kind.parse(event, now);
  throw new UnintelligibleEventError(
    `Cordon does not know this event (${nameOf(event)}). ${accepted}.`,
  );
};

/** @throws UnintelligibleEventError for what is nested deeper than the stack of this process. */
const unwrapped = (received: unknown): readonly unknown[] => {
  try {
    return unwrap(received);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UnintelligibleEventError('The event is nested too deeply to be one of AWS.', {
      cause: error,
    });
  }
};

/**
 * Any event that Cordon may be started with, understood: one request per finding in it.
 *
 * @throws UnintelligibleEventError when nothing in it is known to Cordon, in one sentence.
 */
export const parseEvent = (received: unknown, now: Date): readonly ContainmentRequest[] => {
  const read = unwrapped(received).map((event) => {
    try {
      return event instanceof UnintelligibleEventError ? event : parseOne(event, now);
    } catch (error) {
      if (error instanceof UnintelligibleEventError) return error;
      throw error;
    }
  });
  const refused = read.find((one) => one instanceof UnintelligibleEventError);
  if (refused !== undefined && read.every((one) => one instanceof UnintelligibleEventError)) {
    throw refused;
  }
  return read.flatMap((one) =>
    one instanceof UnintelligibleEventError
      ? [unreadableRequest('guardduty', one.message.replace(/\.$/, ''), now)]
      : one,
  );
};
