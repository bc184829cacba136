import { KMSClient } from '@aws-sdk/client-kms';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeKmsClient = (log: Log, region?: string): KMSClient =>
  equip(new KMSClient({ ...clientConfiguration, ...defined({ region }) }), log);
