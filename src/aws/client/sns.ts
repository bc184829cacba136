import { SNSClient } from '@aws-sdk/client-sns';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeSnsClient = (log: Log, region?: string): SNSClient =>
  equip(new SNSClient({ ...clientConfiguration, ...defined({ region }) }), log);
