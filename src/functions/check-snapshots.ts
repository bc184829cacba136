import { makeEc2Client } from '../aws/client/ec2.ts';
import { checkSnapshots } from '../steps/check-snapshots.ts';
import { parseCheckSnapshotsEvent } from './check-snapshots-event.ts';
import type { StepFunction } from './step-function.ts';

/** Step 7, afterwards: how far the snapshots are. */
export const checkSnapshotsFunction: StepFunction<'ec2'> = {
  step: 'check-snapshots',
  clients: (log) => ({ ec2: makeEc2Client(log) }),
  run: (deps, event) => checkSnapshots(deps, parseCheckSnapshotsEvent(event)),
};
