import { makeAutoScalingClient } from '../aws/client/auto-scaling.ts';
import { makeEc2Client } from '../aws/client/ec2.ts';
import { makeLoadBalancingClient } from '../aws/client/load-balancing.ts';
import { makeLoadBalancingV2Client } from '../aws/client/load-balancing-v2.ts';
import { makeSnsClient } from '../aws/client/sns.ts';
import type { Deps } from '../aws/clients.ts';
import type { Log } from '../aws/log.ts';
import type { VerifyCaseDeps } from '../find-case.ts';

/** Every client that reading a case back, and telling of it, needs. */
export const makeVerifyClients = (
  log: Log,
  region?: string,
): (VerifyCaseDeps & Deps<'sns'>)['clients'] => ({
  ec2: makeEc2Client(log, region),
  autoScaling: makeAutoScalingClient(log, region),
  loadBalancing: makeLoadBalancingClient(log, region),
  loadBalancingV2: makeLoadBalancingV2Client(log, region),
  sns: makeSnsClient(log, region),
});
