import { EBSClient } from '@aws-sdk/client-ebs';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeEbsClient = (log: Log, region?: string): EBSClient =>
  equip(new EBSClient({ ...clientConfiguration, ...defined({ region }) }), log);
