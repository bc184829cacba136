import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeSecurityHubClient = (log: Log, region?: string): SecurityHubClient =>
  equip(new SecurityHubClient({ ...clientConfiguration, ...defined({ region }) }), log);
