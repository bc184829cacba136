import { STSClient } from '@aws-sdk/client-sts';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeStsClient = (log: Log, region?: string): STSClient =>
  equip(new STSClient({ ...clientConfiguration, ...defined({ region }) }), log);
