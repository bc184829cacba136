import { makeLoadBalancingClient } from '../src/aws/client/load-balancing.ts';
import { makeLoadBalancingV2Client } from '../src/aws/client/load-balancing-v2.ts';
import { stepHandler } from '../src/lambda/step-handler.ts';
import { detachAutoScaling } from '../src/steps/detach-auto-scaling.ts';

/** Step 3: out of the Auto Scaling group, before the cut looks like an outage. */
export const handler = stepHandler({
  step: 'detach-auto-scaling',
  clients: (log) => ({
    loadBalancing: makeLoadBalancingClient(log),
    loadBalancingV2: makeLoadBalancingV2Client(log),
  }),
  run: detachAutoScaling,
});
