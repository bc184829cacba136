import { IAMClient } from '@aws-sdk/client-iam';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client with the credentials of the environment; the Region decides on the partition. */
export const makeIamClient = (log: Log, region?: string): IAMClient =>
  equip(new IAMClient({ ...clientConfiguration, ...defined({ region }) }), log);
