import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeCloudWatchClient = (log: Log, region?: string): CloudWatchClient =>
  equip(new CloudWatchClient({ ...clientConfiguration, ...defined({ region }) }), log);
