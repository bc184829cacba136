import type {
  EC2Client,
  Instance as Ec2Instance,
  NetworkInterface as Ec2NetworkInterface,
} from '@aws-sdk/client-ec2';
import { instanceTag } from '../../record/trail/keys.ts';
import type { OwnedInstance } from '../instances.ts';
import { readOwnedInstancesBy } from '../instances.ts';
import type { Log } from '../log.ts';
import { readInterfacesBy } from '../network-interfaces.ts';
import { valuesPerFilter } from '../pages.ts';
import type { FoundSnapshot } from '../snapshots.ts';
import { readSnapshotsByTag } from '../snapshots.ts';
import { readVolumeTags } from '../volumes.ts';
import { readInLists } from './in-lists.ts';
import type { TagsOfResources } from './reader.ts';

/** What was read of many instances together, by instance; what could not be read is absent. */
export interface InstanceBatch {
  readonly instances: ReadonlyMap<string, OwnedInstance>;
  readonly interfaces: ReadonlyMap<string, readonly Ec2NetworkInterface[]>;
  /** The tags of all volumes of its list, by volume. */
  readonly volumeTags: ReadonlyMap<string, TagsOfResources>;
  readonly snapshots: ReadonlyMap<string, readonly FoundSnapshot[]>;
}

/** By filter: among ids, one instance that is gone would have the whole call refused. */
const readInstances = async (ec2: EC2Client, ids: readonly string[]) => {
  const found = await readOwnedInstancesBy(ec2, { Name: 'instance-id', Values: [...ids] });
  return new Map(found.map((one) => [one.instance.InstanceId ?? '', one]));
};

const readInterfaces = async (ec2: EC2Client, ids: readonly string[]) => {
  const found = await readInterfacesBy(ec2, 'attachment.instance-id', ids);
  const byInstance = Map.groupBy(found, ({ Attachment }) => Attachment?.InstanceId ?? '');
  return new Map(ids.map((id) => [id, byInstance.get(id) ?? []]));
};

const readVolumes = async (ec2: EC2Client, ids: readonly string[]) => {
  const tags = await readVolumeTags(ec2, ids);
  return new Map(ids.map((id) => [id, tags]));
};

/** The instances with their interfaces, volumes and snapshots, in one round trip; never throws. */
export const readInstanceBatch = async (
  ec2: EC2Client,
  log: Log,
  ids: readonly string[],
): Promise<InstanceBatch> => {
  const [instances, interfaces, volumeTags, snapshots] = await Promise.all([
    readInLists(log, 'instances', ids, valuesPerFilter, (some) => readInstances(ec2, some)),
    readInLists(log, 'interfaces', ids, valuesPerFilter, (some) => readInterfaces(ec2, some)),
    readInLists(log, 'volumes', ids, valuesPerFilter, (some) => readVolumes(ec2, some)),
    readInLists(log, 'snapshots', ids, valuesPerFilter, (some) =>
      readSnapshotsByTag(ec2, instanceTag, some),
    ),
  ]);
  return { instances, interfaces, volumeTags, snapshots };
};

/** The interfaces that the instance shows. */
const shownInterfaces = ({ NetworkInterfaces = [] }: Ec2Instance) => NetworkInterfaces;

/** Whatever of the instances bears tags of Cordon's. */
export const taggedResources = ({ instances }: InstanceBatch): readonly string[] =>
  [...instances].flatMap(([id, { instance }]) => [
    id,
    ...shownInterfaces(instance).flatMap(({ NetworkInterfaceId }) => NetworkInterfaceId ?? []),
    ...(instance.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeId ?? []),
  ]);

/** The groups that the instances' interfaces are in: id and name. */
export const groupsInUse = ({
  instances,
}: InstanceBatch): readonly { readonly id: string; readonly name: string }[] =>
  [...instances.values()]
    .flatMap(({ instance }) => shownInterfaces(instance).flatMap(({ Groups = [] }) => Groups))
    .map(({ GroupId = '', GroupName = '' }) => ({ id: GroupId, name: GroupName }));
