import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeEventBridgeClient = (log: Log, region?: string): EventBridgeClient =>
  equip(new EventBridgeClient({ ...clientConfiguration, ...defined({ region }) }), log);
