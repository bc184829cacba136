import { makeLoadBalancingClient } from '../aws/client/load-balancing.ts';
import { makeLoadBalancingV2Client } from '../aws/client/load-balancing-v2.ts';
import { deregisterLoadBalancers } from '../steps/deregister-load-balancers.ts';
import { describedStep } from './step-function.ts';

/** Step 4: out of every target group and classic load balancer. */
export const deregisterLoadBalancersFunction = describedStep({
  step: 'deregister-load-balancers',
  clients: (log) => ({
    loadBalancing: makeLoadBalancingClient(log),
    loadBalancingV2: makeLoadBalancingV2Client(log),
  }),
  run: deregisterLoadBalancers,
});
