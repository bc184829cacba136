import { makeLoadBalancingClient } from '../aws/client/load-balancing.ts';
import { makeLoadBalancingV2Client } from '../aws/client/load-balancing-v2.ts';
import { verify } from '../steps/verify.ts';
import { describedStep } from './step-function.ts';

/** Step 9: everything read back. */
export const verifyFunction = describedStep({
  step: 'verify',
  clients: (log) => ({
    loadBalancing: makeLoadBalancingClient(log),
    loadBalancingV2: makeLoadBalancingV2Client(log),
  }),
  run: verify,
});
