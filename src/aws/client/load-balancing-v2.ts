import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeLoadBalancingV2Client = (
  log: Log,
  region?: string,
): ElasticLoadBalancingV2Client =>
  equip(
    new ElasticLoadBalancingV2Client({
      ...clientConfiguration,
      ...defined({ region }),
    }),
    log,
  );
