import type { Ec2Reader } from '../../aws/readers/reader.ts';
import { coverage } from '../../aws/snapshots.ts';
import type { Instance } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import type { Observation } from '../../case/control.ts';
import { snapshotsSince } from '../../case/snapshots-since.ts';

/** `snapshots`: one per volume, begun in this case, pending or completed. */
export const readSnapshotsControl = async (
  ec2: Ec2Reader,
  instance: Instance,
  theCase: Case,
): Promise<readonly Observation[]> => {
  const control = 'snapshots';
  if (instance.volumes.length === 0) {
    return [{ control, holds: 'not-applicable', observed: 'no EBS volume' }];
  }
  const since = snapshotsSince(theCase.caseId, new Date(0));
  const tagged = await ec2.snapshots(instance.id);
  const found = tagged.filter(
    ({ startedAt }) => startedAt !== undefined && startedAt.getTime() >= since.getTime(),
  );
  const covering = coverage(
    found,
    instance.volumes.map((volume) => volume.id),
    since,
  );
  const failed = found.filter(({ state }) => state === 'error');
  const states = found.map(
    ({ snapshotId, volumeId, state }) => `${snapshotId} of ${volumeId} ${state}`,
  );
  return [
    {
      control,
      holds: covering !== undefined && failed.length === 0,
      observed: `${instance.volumes.length} volumes: ${states.join(', ') || 'no snapshot'}`,
    },
  ];
};
