import { SSMClient } from '@aws-sdk/client-ssm';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeSsmClient = (log: Log, region?: string): SSMClient =>
  equip(new SSMClient({ ...clientConfiguration, ...defined({ region }) }), log);
