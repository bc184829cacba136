import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeLoadBalancingClient = (log: Log, region?: string): ElasticLoadBalancingClient =>
  equip(
    new ElasticLoadBalancingClient({
      ...clientConfiguration,
      ...defined({ region }),
    }),
    log,
  );
