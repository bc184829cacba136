import type { EC2Client, Snapshot } from '@aws-sdk/client-ec2';
import { paginateDescribeSnapshots } from '@aws-sdk/client-ec2';
import { defined } from '../case/defined.ts';
import { itemsPerPage } from './pages.ts';

export const snapshotReadPermissions = ['ec2:DescribeSnapshots'] as const;

export interface FoundSnapshot {
  readonly snapshotId: string;
  readonly volumeId: string;
  readonly state: string;
  readonly startedAt: Date | undefined;
  readonly progress?: string;
}

const toFound = (snapshot: Snapshot): FoundSnapshot => ({
  snapshotId: snapshot.SnapshotId ?? '',
  volumeId: snapshot.VolumeId ?? '',
  state: snapshot.State ?? 'pending',
  startedAt: snapshot.StartTime,
  ...defined({ progress: snapshot.Progress }),
});

/** Own snapshots that bear this tag with one of these values, at most 200. */
const readTagged = async (
  client: EC2Client,
  key: string,
  values: readonly string[],
): Promise<readonly Snapshot[]> => {
  const found: Snapshot[] = [];
  const pages = paginateDescribeSnapshots(
    { client, pageSize: itemsPerPage },
    { OwnerIds: ['self'], Filters: [{ Name: `tag:${key}`, Values: [...values] }] },
  );
  for await (const page of pages) found.push(...(page.Snapshots ?? []));
  return found;
};

/** Own snapshots with this tag. Anybody who may tag can have written it: check what it says. */
export const readTaggedSnapshots = async (
  client: EC2Client,
  key: string,
  value: string,
): Promise<readonly FoundSnapshot[]> => (await readTagged(client, key, [value])).map(toFound);

/** Own snapshots of these ids, at most 200; one that is gone is not among them. */
export const readSnapshotsOfIds = async (
  client: EC2Client,
  snapshotIds: readonly string[],
): Promise<readonly FoundSnapshot[]> => {
  if (snapshotIds.length === 0) return [];
  const found: FoundSnapshot[] = [];
  const pages = paginateDescribeSnapshots(
    { client, pageSize: itemsPerPage },
    { OwnerIds: ['self'], Filters: [{ Name: 'snapshot-id', Values: [...snapshotIds] }] },
  );
  for await (const { Snapshots = [] } of pages) found.push(...Snapshots.map(toFound));
  return found;
};

/** Own snapshots with this tag and one of up to 200 values, by value; one that no snapshot bears has none. */
export const readSnapshotsByTag = async (
  client: EC2Client,
  key: string,
  values: readonly string[],
): Promise<ReadonlyMap<string, readonly FoundSnapshot[]>> => {
  const found = new Map<string, FoundSnapshot[]>(values.map((value) => [value, []]));
  for (const snapshot of await readTagged(client, key, values)) {
    const value = snapshot.Tags?.find(({ Key }) => Key === key)?.Value ?? '';
    found.get(value)?.push(toFound(snapshot));
  }
  return found;
};

/** Per volume the newest snapshot that was begun no earlier than `since` and is not in error. */
export const newestOf = (
  found: readonly FoundSnapshot[],
  volumeIds: readonly string[],
  since: Date,
): readonly FoundSnapshot[] => {
  const usable = found.filter(
    ({ state, startedAt }) =>
      (state === 'pending' || state === 'completed') &&
      startedAt !== undefined &&
      startedAt.getTime() >= since.getTime(),
  );
  return volumeIds.flatMap(
    (volumeId) =>
      usable
        .filter((one) => one.volumeId === volumeId)
        .toSorted((a, b) => (b.startedAt?.getTime() ?? 0) - (a.startedAt?.getTime() ?? 0))
        .at(0) ?? [],
  );
};

/** The same, or undefined unless every volume has one. */
export const coverage = (
  found: readonly FoundSnapshot[],
  volumeIds: readonly string[],
  since: Date,
): readonly FoundSnapshot[] | undefined => {
  const newest = newestOf(found, volumeIds, since);
  return newest.length === volumeIds.length ? newest : undefined;
};
