import { cloudwatchAlarm } from './cloudwatch-alarm/trigger.ts';
import { guardduty } from './guardduty/trigger.ts';
import { manual } from './manual/trigger.ts';
import { securityHub } from './security-hub/trigger.ts';
import type { TriggerKind } from './trigger.ts';

/** Every kind of event that Cordon may be started with; the first that knows an event reads it. */
export const triggers: readonly TriggerKind[] = [guardduty, securityHub, cloudwatchAlarm, manual];
