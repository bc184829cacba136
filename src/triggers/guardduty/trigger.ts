import type { Fields, TriggerKind } from '../trigger.ts';
import { isFields } from '../trigger.ts';
import { parseGuarddutyEvent } from './parse.ts';

const source = 'aws.guardduty';
const detailType = 'GuardDuty Finding';

const lowerFirst = (key: string): string => key.charAt(0).toLowerCase() + key.slice(1);

/** GetFindings writes `InstanceId` where EventBridge writes `instanceId`. */
const inCamelCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [lowerFirst(key), inCamelCase(one)]),
  );
};

/** A finding with the names of the API. Security Hub's have `Types` and `Resources`. */
const isPascalFinding = (value: unknown): boolean =>
  isFields(value) && ['Severity', 'Resource', 'Service'].filter((key) => key in value).length >= 2;

const isBareFinding = (value: Fields): boolean =>
  !('source' in value) &&
  !('detail' in value) &&
  ['severity', 'resource', 'service'].filter((key) => key in value).length >= 2;

const inEnvelope = (event: Fields): Fields | undefined => {
  if (isPascalFinding(event)) {
    return { source, 'detail-type': detailType, detail: inCamelCase(event) };
  }
  if (isBareFinding(event)) return { source, 'detail-type': detailType, detail: event };
  // Kept without its source, as some consoles show an event. A source that is there is never replaced:
  // whoever may put events would otherwise make findings.
  const isSent =
    event.source === source || (event.source === undefined && event['detail-type'] === detailType);
  if (isSent && isPascalFinding(event.detail)) {
    return { ...event, source, detail: inCamelCase(event.detail) };
  }
  return isSent && event.source === undefined ? { ...event, source } : undefined;
};

/** Findings of GuardDuty. */
export const guardduty: TriggerKind = {
  source: 'guardduty',
  patterns: [{ source: [source], 'detail-type': [detailType] }],
  inEnvelope,
  recognises: (event) => event.source === source,
  parse: (event, now) => [parseGuarddutyEvent(event, now)],
};
