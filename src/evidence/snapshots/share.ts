import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeSnapshotAttributeCommand,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import { codeOf } from '../../aws/errors.ts';
import type { EvidenceDeps } from '../collector.ts';
import type { CaseSnapshot } from './case-snapshot.ts';
import type { Standing } from './standing.ts';
import { isDone } from './standing.ts';

/** Who may make volumes of a snapshot: ids of accounts, or `all`. Its owner is not among them. */
export const readSharedWith = async (
  ec2: EC2Client,
  snapshotId: string,
): Promise<readonly string[]> => {
  const { CreateVolumePermissions = [] } = await ec2.send(
    new DescribeSnapshotAttributeCommand({
      SnapshotId: snapshotId,
      Attribute: 'createVolumePermission',
    }),
  );
  return CreateVolumePermissions.flatMap(({ UserId, Group }) => UserId ?? Group ?? []).toSorted();
};

/** What the examiners' account still needs of the owner of a key; Cordon changes no policy of one. */
const keyNote = ({ encrypted, keyArn }: CaseSnapshot, account: string): readonly string[] =>
  encrypted ? [`the policy of ${keyArn} has to let ${account} use the key (docs/evidence.md)`] : [];

/**
 * Lets the examiners' account make volumes of a snapshot.
 *
 * @param isFirst whether this collection handles it for the first time, and has to say that it was shared.
 * @returns undefined where EC2 lets nobody share it, because it is under the AWS managed key
 * (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html).
 * @throws what EC2 answers otherwise.
 */
export const shareSnapshot = async (
  { clients, settings, store }: EvidenceDeps,
  snapshot: CaseSnapshot,
  isFirst: boolean,
): Promise<Standing | undefined> => {
  const { snapshotId } = snapshot;
  const account = settings.forensicAccountId;
  const words = `shared with ${account}`;
  const standing = { ...isDone(words), notes: keyNote(snapshot, account) };
  if ((await readSharedWith(clients.ec2, snapshotId)).includes(account)) {
    if (isFirst) await store.hand({ what: 'shared', piece: snapshotId, detail: `found ${words}` });
    return standing;
  }
  try {
    await clients.ec2.send(
      new ModifySnapshotAttributeCommand({
        SnapshotId: snapshotId,
        Attribute: 'createVolumePermission',
        OperationType: 'add',
        UserIds: [account],
      }),
    );
  } catch (error) {
    if (snapshot.encrypted && codeOf(error) === 'OperationNotPermitted') return undefined;
    throw error;
  }
  await store.hand({ what: 'shared', piece: snapshotId, detail: words });
  return standing;
};
