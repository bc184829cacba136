import { makeSingleAttemptEc2Client } from '../aws/client/ec2.ts';
import { snapshot } from '../steps/snapshot.ts';
import { describedStep } from './step-function.ts';

/** Step 7: copies of all volumes, at one instant. */
export const snapshotFunction = describedStep({
  step: 'snapshot',
  clients: (log) => ({ ec2SingleAttempt: makeSingleAttemptEc2Client(log) }),
  run: snapshot,
});
