import { DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import { EvidenceNotCollectedError } from '../../../case/errors.ts';
import { clientToken } from '../case-volumes.ts';
import { makeNonceSnapshot } from '../nonce-snapshot.ts';
import type { Stage } from '../work.ts';
import { lookAgain, onTo, tagsOf } from '../work.ts';

/** The snapshot is 512 KiB; AWS seals it within seconds. Ten minutes. */
const mostLooks = 120;

/** Makes the snapshot with the nonce, and waits until a volume can be made of it. */
export const makeBlank: Stage = async ({ clients, ways }, _, work) => {
  const blankSnapshotId =
    work.blankSnapshotId ??
    (await makeNonceSnapshot(ways.ebs, {
      origin: work.origin,
      keyArn: ways.keyArn,
      clientToken: clientToken(work, 'blank'),
      tags: tagsOf(work.origin, 'blank'),
    }));
  const { Snapshots } = await clients.ec2.send(
    new DescribeSnapshotsCommand({ SnapshotIds: [blankSnapshotId] }),
  );
  const state = Snapshots?.[0]?.State;
  const made = { ...work, blankSnapshotId };
  if (state === 'completed') return onTo('make-volumes', made, 'The blank volume is prepared.');
  if (state === 'error' || work.looks >= mostLooks) {
    throw new EvidenceNotCollectedError(
      `The snapshot ${blankSnapshotId} of the blank volume is ${state}: no memory was collected.`,
    );
  }
  return lookAgain(made, 5, 'The blank volume is being prepared.');
};
