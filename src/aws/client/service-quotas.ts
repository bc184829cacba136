import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeServiceQuotasClient = (log: Log, region?: string): ServiceQuotasClient =>
  equip(new ServiceQuotasClient({ ...clientConfiguration, ...defined({ region }) }), log);
