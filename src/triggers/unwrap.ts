import { UnintelligibleEventError } from '../case/errors.ts';

/** An object, as events are. */
type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

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

const only = (list: unknown, what: string): unknown => {
  if (!Array.isArray(list) || list.length === 1) return Array.isArray(list) ? list[0] : undefined;
  throw new UnintelligibleEventError(
    `The event holds ${list.length} ${what}; accepted is one at a time.`,
  );
};

/** The event inside a notification of SNS, a message of SQS, or an answer of GetFindings. */
const inside = (event: Fields): unknown => {
  if (typeof event.Message === 'string' && event.Type === 'Notification') {
    return textIn(event.Message, 'The notification of SNS');
  }
  if (Array.isArray(event.Records)) {
    const record = only(event.Records, 'records');
    if (!isFields(record)) return undefined;
    if (isFields(record.Sns)) return textIn(record.Sns.Message, 'The notification of SNS');
    if (typeof record.body === 'string') return textIn(record.body, 'The message of SQS');
    return undefined;
  }
  return Array.isArray(event.Findings) ? only(event.Findings, 'findings') : undefined;
};

const lowerFirst = (key: string): string => key.charAt(0).toLowerCase() + key.slice(1);

/** GetFindings writes `InstanceId` where EventBridge writes `instanceId`. */
const inCamelCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [lowerFirst(key), inCamelCase(one)]),
  );
};

const isPascalFinding = (value: unknown): boolean =>
  isFields(value) && typeof value.Type === 'string' && 'Severity' in value && 'Resource' in value;

const isBareFinding = (value: Fields): boolean =>
  !('source' in value) &&
  !('detail' in value) &&
  typeof value.type === 'string' &&
  'severity' in value &&
  'resource' in value;

const inEnvelope = (detail: unknown): Fields => ({
  source: 'aws.guardduty',
  'detail-type': 'GuardDuty Finding',
  detail,
});

/**
 * An event as EventBridge would have sent it, out of the ways in which people and services hand it
 * on: an SNS notification, an SQS message, an answer of GetFindings, a finding alone, a finding with
 * the names of the API. Anything else is returned as it is.
 *
 * @throws UnintelligibleEventError when several are wrapped together, or what is wrapped is no JSON.
 */
export const unwrap = (event: unknown, depth = 0): unknown => {
  if (!isFields(event)) return event;
  if (isPascalFinding(event)) return inEnvelope(inCamelCase(event));
  if (isBareFinding(event)) return inEnvelope(event);
  if (isPascalFinding(event.detail)) return { ...event, detail: inCamelCase(event.detail) };
  const wrapped = depth < deepest ? inside(event) : undefined;
  return wrapped === undefined ? event : unwrap(wrapped, depth + 1);
};
