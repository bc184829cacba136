import { createHash } from 'node:crypto';
import type { EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod/mini';
import type { FoundSnapshot } from '../../aws/snapshots.ts';
import { newestOf, readSnapshotsOfIds, readTaggedSnapshots } from '../../aws/snapshots.ts';
import { readVolumeTags } from '../../aws/volumes.ts';
import { snapshotsSince } from '../../case/snapshots-since.ts';
import type { EvidenceStore } from '../../record/evidence-store/evidence-store.ts';
import type { EvidenceCase } from '../../record/evidence-store/keys.ts';
import type { Bucket } from '../../record/evidence-store/objects.ts';
import { getObject } from '../../record/evidence-store/objects.ts';
import { instanceTag } from '../../record/trail/keys.ts';

export interface SnapshotSources {
  readonly ec2: EC2Client;
  readonly store: EvidenceStore;
  readonly bucket: Bucket;
}

const description = z.object({
  before: z.object({ instance: z.object({ volumes: z.array(z.object({ id: z.string() })) }) }),
});

/** The volumes that the instance had when its case began, as the store has them. */
const describedVolumes = async ({
  store,
  bucket,
}: SnapshotSources): Promise<readonly string[] | undefined> => {
  const piece = await store.find('instance-description', 'description.json');
  if (piece?.object === undefined) return undefined;
  await store.hand({
    what: 'read',
    piece: 'instance-description/description.json',
    detail: 'cordon evidence analyse: which volumes the instance had',
  });
  const content = await getObject(bucket, piece.object);
  if (createHash('sha256').update(content).digest('hex') !== piece.sha256) return undefined;
  const { data } = description.safeParse(JSON.parse(Buffer.from(content).toString('utf8')));
  return data?.before.instance.volumes.map(({ id }) => id);
};

/** Ids of snapshots on record; a copy of one is made of no volume, and is no piece of its own here. */
const recordedIds = async (store: EvidenceStore): Promise<readonly string[]> =>
  (await store.pieces()).flatMap(({ collector, resource }) =>
    collector === 'snapshots' && resource !== undefined && /^snap-[0-9a-f]+$/.test(resource)
      ? [resource]
      : [],
  );

/**
 * The snapshots that are the case's own, one of each volume. What the store has on record counts; else a tag
 * does, which anybody who may tag has written, only on a snapshot of a volume that the instance had, begun
 * in the case.
 */
export const believedSnapshots = (
  recorded: readonly FoundSnapshot[],
  tagged: readonly FoundSnapshot[],
  volumeIds: readonly string[],
  since: Date,
): readonly FoundSnapshot[] => {
  const known = newestOf(recorded, volumeIds, new Date(0));
  const others = volumeIds.filter((id) => !known.some(({ volumeId }) => volumeId === id));
  return [...known, ...newestOf(tagged, others, since)];
};

/** Reads the snapshots that are the case's own, in the order of the volumes. */
export const readCaseSnapshots = async (
  sources: SnapshotSources,
  { caseId, instanceId }: EvidenceCase,
): Promise<readonly FoundSnapshot[]> => {
  const { ec2, store } = sources;
  const ids = await recordedIds(store);
  const [described, attached, recorded, tagged] = await Promise.all([
    describedVolumes(sources),
    readVolumeTags(ec2, [instanceId]),
    readSnapshotsOfIds(ec2, ids),
    readTaggedSnapshots(ec2, instanceTag, instanceId),
  ]);
  const volumeIds = described ?? [...attached.keys()];
  // An id that is none of a case began never: then no snapshot is believed for its tag.
  const since = snapshotsSince(caseId, new Date(8.64e15));
  // Where one on record is gone, another with its tags is no substitute.
  const believable = recorded.length === ids.length ? tagged : [];
  return believedSnapshots(recorded, believable, volumeIds, since);
};
