import { makeEc2Client } from '../src/aws/client/ec2.ts';
import { parseCheckSnapshotsEvent } from '../src/lambda/check-snapshots-event.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';
import { checkSnapshots } from '../src/steps/check-snapshots.ts';

/** Step 7, afterwards: how far the snapshots are. */
export const handler = functionHandler({
  step: 'check-snapshots',
  clients: (log) => ({ ec2: makeEc2Client(log) }),
  run: (deps, event) => checkSnapshots(deps, parseCheckSnapshotsEvent(event)),
});
