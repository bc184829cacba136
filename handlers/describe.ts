import { makeAutoScalingClient } from '../src/aws/client/auto-scaling.ts';
import { makeEc2Client } from '../src/aws/client/ec2.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';
import { parseStandaloneEvent } from '../src/lambda/standalone-event.ts';
import { describe } from '../src/steps/describe.ts';

/** Step 1, and the first state of the machine: fills what the input leaves out. */
export const handler = functionHandler({
  step: 'describe',
  clients: (log) => ({ ec2: makeEc2Client(log), autoScaling: makeAutoScalingClient(log) }),
  run: (deps, event) => describe(deps, parseStandaloneEvent(event, deps.region)),
});
