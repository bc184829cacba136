import { callJson } from '../aws-call.ts';
import type { Emulator } from '../emulator.ts';
import type { BridgeEvent } from './finding.ts';

/**
 * Puts an event on the default bus; the rules of the deployed template decide what becomes of it.
 *
 * @throws AwsCallError when the bus refuses it.
 */
export const putEvent = async (emulator: Emulator, event: BridgeEvent): Promise<void> => {
  await callJson(emulator, 'events', 'AWSEvents.PutEvents', {
    Entries: [
      {
        Source: event.source,
        DetailType: event['detail-type'],
        Detail: JSON.stringify(event.detail),
      },
    ],
  });
};
