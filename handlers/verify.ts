import { makeLoadBalancingClient } from '../src/aws/client/load-balancing.ts';
import { makeLoadBalancingV2Client } from '../src/aws/client/load-balancing-v2.ts';
import { stepHandler } from '../src/lambda/step-handler.ts';
import { verify } from '../src/steps/verify.ts';

/** Step 9: everything read back. */
export const handler = stepHandler({
  step: 'verify',
  clients: (log) => ({
    loadBalancing: makeLoadBalancingClient(log),
    loadBalancingV2: makeLoadBalancingV2Client(log),
  }),
  run: verify,
});
