import type { TriggerKind } from '../trigger.ts';
import { parseManualEvent, parseManualRequest } from './parse.ts';

const source = 'cordon.manual';

/** What a person asks for, and events of `cordon.manual`. */
export const manual: TriggerKind = {
  source: 'manual',
  patterns: [{ source: [source] }],
  inEnvelope: () => undefined,
  recognises: (event) => event.source === source || 'instanceId' in event,
  parse: (event, now) => [
    event.source === source ? parseManualEvent(event, now) : parseManualRequest(event, now),
  ],
};
