import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeCloudTrailClient = (log: Log, region?: string): CloudTrailClient =>
  equip(new CloudTrailClient({ ...clientConfiguration, ...defined({ region }) }), log);
