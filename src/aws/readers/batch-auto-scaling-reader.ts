import type { LifecycleState } from '../auto-scaling.ts';
import {
  firstGroups,
  groupNamed,
  idsPerDescription,
  membershipIn,
  readLifecycleStates,
} from '../auto-scaling.ts';
import type { Deps } from '../clients.ts';
import { readInLists } from './in-lists.ts';
import type { AutoScalingReader } from './reader.ts';
import { sharedReading } from './shared-reading.ts';

/** What a batch has of one instance: its state, or that it is in no group. */
interface Found {
  readonly state: LifecycleState | undefined;
}

/**
 * Reads the memberships of many instances together, in one round trip, and hands out what was read;
 * an instance whose batch was refused is read alone.
 *
 * @returns a reader for these instances; never throws itself.
 */
export const batchAutoScalingReader = async (
  { clients: { autoScaling }, log }: Deps<'autoScaling'>,
  live: AutoScalingReader,
  instanceIds: readonly string[],
  begunAt: string,
): Promise<AutoScalingReader> => {
  const [states, groups] = await Promise.all([
    readInLists(log, 'memberships', instanceIds, idsPerDescription, async (ids) => {
      const read = await readLifecycleStates(autoScaling, ids);
      return new Map<string, Found>(ids.map((id) => [id, { state: read.get(id) }]));
    }),
    firstGroups(autoScaling),
  ]);
  const lookUp = sharedReading((name) => groupNamed(autoScaling, name));
  return {
    begunAt,
    lifecycleState: async (id) => {
      const found = states.get(id);
      return found === undefined ? live.lifecycleState(id) : found.state;
    },
    membership: async (id) => {
      const found = states.get(id);
      return found === undefined ? live.membership(id) : membershipIn(found.state, groups, lookUp);
    },
  };
};
