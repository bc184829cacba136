import { makeSingleAttemptEc2Client } from '../src/aws/client/ec2.ts';
import { stepHandler } from '../src/lambda/step-handler.ts';
import { snapshot } from '../src/steps/snapshot.ts';

/** Step 7: copies of all volumes, at one instant. */
export const handler = stepHandler({
  step: 'snapshot',
  clients: (log) => ({ ec2SingleAttempt: makeSingleAttemptEc2Client(log) }),
  run: snapshot,
});
