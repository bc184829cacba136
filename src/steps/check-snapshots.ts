import type { Deps } from '../aws/clients.ts';
import { readTaggedSnapshots, snapshotReadPermissions } from '../aws/snapshots.ts';
import { caseBegan } from '../case/case.ts';
import type { CheckSnapshotsDetail } from '../case/details.ts';
import { nextWait } from '../case/next-wait.ts';
import { snapshotsSince } from '../case/snapshots-since.ts';
import type { StepResult } from '../case/step.ts';
import { instanceTag } from '../record/trail/keys.ts';

export const permissions = [...snapshotReadPermissions] as const;

export interface CheckSnapshotsInput {
  readonly instanceId: string;
  /** The case whose snapshots are followed; without, all that bear the instance's tag. */
  readonly caseId?: string;
  /** Seconds waited before this look. */
  readonly waitedSeconds?: number;
}

const longestFollowMilliseconds = 3 * 24 * 3_600 * 1_000;

/** Step 7, afterwards: how far the snapshots are. Changes nothing. */
export const checkSnapshots = async (
  { clients, clock }: Deps<'ec2'>,
  { instanceId, caseId, waitedSeconds }: CheckSnapshotsInput,
): Promise<StepResult<CheckSnapshotsDetail>> => {
  const began = caseId === undefined ? undefined : caseBegan(caseId);
  // Searched by the instance: a parallel run that began in the ten minutes before may have taken them.
  const tagged = await readTaggedSnapshots(clients.ec2, instanceTag, instanceId);
  const since = caseId === undefined ? new Date(0) : snapshotsSince(caseId, new Date(0));
  const found = tagged.filter(
    ({ startedAt }) => caseId === undefined || (startedAt !== undefined && startedAt >= since),
  );
  const completed = found.filter(({ state }) => state === 'completed').length;
  const failed = found.filter(({ state }) => state === 'error').length;
  const pending = found.length - completed - failed;
  const tooLong =
    began !== undefined && clock.now().getTime() - began.getTime() > longestFollowMilliseconds;
  return {
    outcome: found.length === 0 ? 'not-applicable' : 'done',
    detail: {
      completed,
      pending,
      failed,
      snapshotIds: found.map((one) => one.snapshotId),
      waitSeconds: nextWait(waitedSeconds),
      finished: pending === 0 || tooLong,
    },
  };
};
