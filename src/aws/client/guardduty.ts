import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeGuardDutyClient = (log: Log, region?: string): GuardDutyClient =>
  equip(new GuardDutyClient({ ...clientConfiguration, ...defined({ region }) }), log);
