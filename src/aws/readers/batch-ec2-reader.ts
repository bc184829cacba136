import type { EC2Client } from '@aws-sdk/client-ec2';
import { isolationGroupKind } from '../../case/isolation-group.ts';
import type { SecurityGroup } from '../../case/security-group.ts';
import type { Deps } from '../clients.ts';
import type { ProtectionReader } from '../instance.ts';
import { trunksOf } from '../instance.ts';
import { valuesPerFilter } from '../pages.ts';
import { idsPerStatus, readScheduledEventsOf } from '../scheduled-events.ts';
import { readGroupsByFilter } from '../security-groups.ts';
import { readTags } from '../tags.ts';
import { toInstance } from '../to-instance.ts';
import { readInLists } from './in-lists.ts';
import type { InstanceBatch } from './instance-batch.ts';
import { groupsInUse, readInstanceBatch, taggedResources } from './instance-batch.ts';
import { knownOrRead } from './known-or-read.ts';
import type { Ec2Reader, TagsOfResources } from './reader.ts';
import { sharedByList, sharedOnce, sharedReading } from './shared-reading.ts';

/** Those with their ids; an id that is gone has none. */
const readGroups = async (ec2: EC2Client, ids: readonly string[]) => {
  const found = await readGroupsByFilter(ec2, ids);
  return new Map<string, readonly SecurityGroup[]>(
    ids.map((id) => [id, found.filter((group) => group.id === id)]),
  );
};

/** The rules of the groups in use that are not Cordon's, and of the originals of its clones. */
const readOtherGroups = (
  { clients, log }: Deps<'ec2'>,
  batch: InstanceBatch,
  cordons: readonly SecurityGroup[],
) => {
  const known = new Set(cordons.map(({ id }) => id));
  const wanted = groupsInUse(batch).flatMap(({ id, name }) => {
    const is = isolationGroupKind(name);
    return is?.kind === 'egress-lockdown' ? [id, is.original] : [id];
  });
  const others = wanted.filter((id) => id !== '' && !known.has(id));
  return readInLists(log, 'groups', others, valuesPerFilter, (ids) => readGroups(clients.ec2, ids));
};

/** An instance of the batch; one of which a part is absent, or which has trunks, is read alone. */
const instanceReader = (
  batch: InstanceBatch,
  live: Ec2Reader,
  protectionOf: ProtectionReader,
): Ec2Reader['instance'] => {
  const protection = sharedReading(protectionOf);
  return async (instanceId, region) => {
    const found = batch.instances.get(instanceId);
    const interfaces = batch.interfaces.get(instanceId);
    const volumeTags = batch.volumeTags.get(instanceId);
    if (found === undefined || interfaces === undefined || volumeTags === undefined) {
      return live.instance(instanceId, region);
    }
    // No filter finds the branches of a trunk.
    if (trunksOf(found.instance).length > 0) return live.instance(instanceId, region);
    const answers = { ...found, branches: [], interfaces, volumeTags };
    return toInstance({ ...answers, protection: await protection(instanceId) }, region);
  };
};

/** What hangs on the instances of a batch and is found by what the batch says; never throws. */
const readFurther = async (
  deps: Deps<'ec2'>,
  batch: InstanceBatch,
  cordons: readonly SecurityGroup[],
) => {
  const { clients, log } = deps;
  const found = [...batch.instances.keys()];
  const [tags, events, others] = await Promise.all([
    readInLists(log, 'tags', taggedResources(batch), valuesPerFilter, async (ids) => {
      const read: TagsOfResources = await readTags(clients.ec2, ids);
      return new Map(ids.map((id) => [id, read.get(id) ?? {}]));
    }),
    readInLists(log, 'scheduled events', found, idsPerStatus, (ids) =>
      readScheduledEventsOf(clients.ec2, ids),
    ),
    readOtherGroups(deps, batch, cordons),
  ]);
  const groups = new Map([...others, ...cordons.map((group) => [group.id, [group]] as const)]);
  return { tags, events, groups };
};

/**
 * Reads many instances together, in two round trips, and hands out what was read. Whatever a batch
 * does not have is read alone, so that one instance that is gone or unreadable fails by itself.
 *
 * @param begunAt now, in ISO 8601.
 * @returns a reader for these instances; never throws itself.
 */
export const batchEc2Reader = async (
  deps: Deps<'ec2'>,
  live: Ec2Reader,
  instanceIds: readonly string[],
  { begunAt, protectionOf }: { readonly begunAt: string; readonly protectionOf: ProtectionReader },
): Promise<Ec2Reader> => {
  const cordonGroups = sharedOnce(() => live.cordonGroups());
  const [batch, cordons] = await Promise.all([
    readInstanceBatch(deps.clients.ec2, deps.log, instanceIds),
    cordonGroups().catch(() => []),
  ]);
  const { tags, events, groups } = await readFurther(deps, batch, cordons);
  const groupsById = knownOrRead(groups, async (ids) =>
    Map.groupBy<string, SecurityGroup>(await live.groups(ids), ({ id }) => id),
  );
  return {
    begunAt,
    instance: instanceReader(batch, live, protectionOf),
    cordonGroups,
    groups: async (ids) => [...(await groupsById(ids)).values()].flat(),
    tags: knownOrRead(tags, live.tags),
    snapshots: async (id) => batch.snapshots.get(id) ?? live.snapshots(id),
    scheduledEvents: async (id) => events.get(id) ?? live.scheduledEvents(id),
    routeTables: sharedByList(live.routeTables),
    vpcEndpoints: sharedByList(live.vpcEndpoints),
    neighbours: sharedByList(live.neighbours),
    connectEndpoints: sharedByList(live.connectEndpoints),
    serialConsole: sharedOnce(live.serialConsole),
  };
};
