import { makeLoadBalancingClient } from '../aws/client/load-balancing.ts';
import { makeLoadBalancingV2Client } from '../aws/client/load-balancing-v2.ts';
import { detachAutoScaling } from '../steps/detach-auto-scaling.ts';
import { describedStep } from './step-function.ts';

/** Step 3: out of the Auto Scaling group, before the cut looks like an outage. */
export const detachAutoScalingFunction = describedStep({
  step: 'detach-auto-scaling',
  clients: (log) => ({
    loadBalancing: makeLoadBalancingClient(log),
    loadBalancingV2: makeLoadBalancingV2Client(log),
  }),
  run: detachAutoScaling,
});
