import type { TriggerKind } from '../trigger.ts';
import { inEnvelope, source, stateChange } from './in-envelope.ts';
import { parseAlarm } from './parse.ts';

const contributorChange = 'CloudWatch Alarm Contributor State Change';
const detailTypes = [stateChange, contributorChange];

/** Alarms of CloudWatch that change to ALARM. */
export const cloudwatchAlarm: TriggerKind = {
  source: 'cloudwatch-alarm',
  patterns: [
    { source: [source], 'detail-type': detailTypes, detail: { state: { value: ['ALARM'] } } },
  ],
  inEnvelope,
  recognises: (event) =>
    event.source === source && detailTypes.some((one) => one === event['detail-type']),
  parse: (event, now) => [parseAlarm(event, now)],
};
