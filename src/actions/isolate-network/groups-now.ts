import type { Deps } from '../../aws/clients.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import { inWords } from '../../aws/errors.ts';
import { readGroupsByInstance, readInterfaceGroups } from '../../aws/instance.ts';
import type { NetworkInterface } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import type { PrepareDetail } from '../../case/details.ts';

/** How long each of the two ways of reading is waited for, in milliseconds. */
const longestRead = 2_000;

interface ToCompare {
  readonly case: Case;
  readonly prepared: PrepareDetail;
  readonly again?: boolean;
}

/** The groups of interfaces, by the interfaces' ids. */
export type GroupsNow = ReadonlyMap<string, readonly string[]>;

/**
 * The groups of an instance's interfaces as they are now: as the interfaces show them or, where
 * those cannot be read, as the instance does.
 *
 * @throws what EC2 answers when neither can be read.
 */
export const readGroupsNow = async (
  { clients, clock, log }: Deps<'ec2'>,
  instanceId: string,
  interfaceIds: readonly string[],
): Promise<GroupsNow> => {
  try {
    return await giveUpAfter(clock, longestRead, () =>
      readInterfaceGroups(clients.ec2, interfaceIds),
    );
  } catch (error) {
    log.warn('the interfaces could not be read; the instance is asked for their groups', {
      instanceId,
      error: inWords(error),
    });
    const all = await giveUpAfter(clock, longestRead, () =>
      readGroupsByInstance(clients.ec2, instanceId),
    );
    return new Map([...all].filter(([id]) => interfaceIds.includes(id)));
  }
};

/**
 * The groups that each interface has before it is opened. Prepare has read them while it wrote the
 * tags. They are read again if this step may have run before, or if prepare could not read them.
 * Undefined if they cannot be read: nothing may be opened then.
 */
export const groupsToCompare = async (
  deps: Deps<'ec2'>,
  { case: { instanceId }, prepared, again = false }: ToCompare,
  interfaces: readonly NetworkInterface[],
): Promise<GroupsNow | undefined> => {
  if (!again && prepared.groupsNow !== undefined)
    return new Map(Object.entries(prepared.groupsNow));
  try {
    return await readGroupsNow(
      deps,
      instanceId,
      interfaces.map(({ id }) => id),
    );
  } catch (error) {
    deps.log.warn('the interfaces could not be read before the cut, so that none is opened', {
      instanceId,
      error: inWords(error),
    });
    return undefined;
  }
};
