import type { EC2Client, Snapshot } from '@aws-sdk/client-ec2';
import { paginateDescribeSnapshots } from '@aws-sdk/client-ec2';
import { filterLists, itemsPerPage } from '../../aws/pages.ts';

/** On a copy that was made for the examiners: the snapshot that it is a copy of. */
export const copyTag = 'cordon:copy-of';

/** A snapshot as EC2 describes it; nothing of it is a word of its tags. */
export interface CaseSnapshot {
  readonly snapshotId: string;
  /** Of a copy an arbitrary one (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopySnapshot.html). */
  readonly volumeId: string;
  /** `pending`, `completed`, `error`, … */
  readonly state: string;
  /** `37%`. */
  readonly progress: string;
  /** Why it is in error, as EC2 says it. */
  readonly stateMessage: string;
  readonly startedAt: Date;
  readonly sizeGib: number;
  readonly encrypted: boolean;
  /** Empty where it is not encrypted. */
  readonly keyArn: string;
}

const toCaseSnapshot = (snapshot: Snapshot): CaseSnapshot => ({
  snapshotId: snapshot.SnapshotId ?? '',
  volumeId: snapshot.VolumeId ?? '',
  state: snapshot.State ?? 'pending',
  progress: snapshot.Progress ?? '',
  stateMessage: snapshot.StateMessage ?? '',
  // One without a start is believed to be of no case.
  startedAt: snapshot.StartTime ?? new Date(0),
  sizeGib: snapshot.VolumeSize ?? 0,
  encrypted: snapshot.Encrypted === true,
  keyArn: snapshot.KmsKeyId ?? '',
});

/** Own snapshots with this tag and one of these values; whoever may tag can have written it. */
export const readByTag = async (
  client: EC2Client,
  key: string,
  values: readonly string[],
): Promise<readonly { readonly value: string; readonly snapshot: CaseSnapshot }[]> => {
  const found: Snapshot[] = [];
  for (const Values of filterLists(values)) {
    const pages = paginateDescribeSnapshots(
      { client, pageSize: itemsPerPage },
      { OwnerIds: ['self'], Filters: [{ Name: `tag:${key}`, Values }] },
    );
    for await (const { Snapshots = [] } of pages) found.push(...Snapshots);
  }
  return found.map((one) => ({
    value: one.Tags?.find(({ Key }) => Key === key)?.Value ?? '',
    snapshot: toCaseSnapshot(one),
  }));
};

/** `8 GiB, not encrypted`. */
export const inShort = ({ sizeGib, encrypted, keyArn }: CaseSnapshot): string =>
  `${sizeGib} GiB, ${encrypted ? `encrypted under ${keyArn}` : 'not encrypted'}`;
