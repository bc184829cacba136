import { makeLoadBalancingClient } from '../src/aws/client/load-balancing.ts';
import { makeLoadBalancingV2Client } from '../src/aws/client/load-balancing-v2.ts';
import { stepHandler } from '../src/lambda/step-handler.ts';
import { deregisterLoadBalancers } from '../src/steps/deregister-load-balancers.ts';

/** Step 4: out of every target group and classic load balancer. */
export const handler = stepHandler({
  step: 'deregister-load-balancers',
  clients: (log) => ({
    loadBalancing: makeLoadBalancingClient(log),
    loadBalancingV2: makeLoadBalancingV2Client(log),
  }),
  run: deregisterLoadBalancers,
});
