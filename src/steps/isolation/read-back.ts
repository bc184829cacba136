import type { Deps } from '../../aws/clients.ts';
import { inWords } from '../../aws/errors.ts';
import { readInterfaceGroups } from '../../aws/instance.ts';
import type { NetworkInterface } from '../../case/before.ts';
import type { IsolatedInterface } from '../../case/details.ts';
import { isSameSet } from '../../case/same-set.ts';

/** The longest that reading back is repeated, in milliseconds between two reads. */
const readBackWaits = [0, 200, 400, 800, 1_600] as const;

const wrongOnes = (
  interfaces: readonly IsolatedInterface[],
  seen: ReadonlyMap<string, readonly string[]>,
): readonly string[] =>
  interfaces
    .filter(({ id, to }) => {
      const groups = seen.get(id);
      return groups === undefined || !isSameSet(groups, to);
    })
    .map(({ id }) => `${id} has ${seen.get(id)?.join(' ') || 'no groups that could be read'}`);

/** Reads the groups back until they are right; returns when they were, and what is wrong. */
export const readBack = async (
  { clients, clock }: Deps<'ec2'>,
  interfaces: readonly IsolatedInterface[],
): Promise<{ readonly at: Date; readonly wrong: readonly string[] }> => {
  const ids = interfaces.map(({ id }) => id);
  let wrong: readonly string[] = [];
  for (const milliseconds of readBackWaits) {
    if (milliseconds > 0) await clock.sleep(milliseconds);
    wrong = wrongOnes(interfaces, await readInterfaceGroups(clients.ec2, ids));
    if (wrong.length === 0) break;
  }
  return { at: clock.now(), wrong };
};

/** The groups as they are now; undefined where they cannot be read, and nothing may be opened. */
export const readAgain = async (
  { clients, log }: Deps<'ec2'>,
  interfaces: readonly NetworkInterface[],
): Promise<ReadonlyMap<string, readonly string[]> | undefined> => {
  try {
    return await readInterfaceGroups(
      clients.ec2,
      interfaces.map((one) => one.id),
    );
  } catch (error) {
    log.warn('the interfaces could not be read before the second run', { error: inWords(error) });
    return undefined;
  }
};
