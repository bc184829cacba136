import type { Deps } from '../../aws/clients.ts';
import { inWords } from '../../aws/errors.ts';
import { isPassing } from '../../aws/insist.ts';
import type { IsolatedInterface } from '../../case/details.ts';
import { isSameSet } from '../../case/same-set.ts';
import type { GroupsNow } from './groups-now.ts';
import { readGroupsNow } from './groups-now.ts';

/** Milliseconds before each look: AWS may show a change late, so the interfaces are read again. */
const readBackWaits = [0, 200, 400, 800, 1_600] as const;

const wrongOnes = (
  interfaces: readonly IsolatedInterface[],
  seen: GroupsNow,
): readonly IsolatedInterface[] =>
  interfaces.filter(({ id, to }) => {
    const groups = seen.get(id);
    return groups === undefined || !isSameSet(groups, to);
  });

export interface ReadBack {
  readonly at: Date;
  /** The interfaces that were not in their groups, at the last look. */
  readonly wrong: readonly IsolatedInterface[];
  readonly seen: GroupsNow;
}

/** What is wrong with an interface, for people. */
export const wrongInWords = ({ wrong, seen }: ReadBack): readonly string[] =>
  wrong.map(({ id }) => `${id} has ${seen.get(id)?.join(' ') || 'no groups that could be read'}`);

/**
 * Reads the groups back until they are right.
 *
 * @throws what EC2 answers when it is final, or when no look at all was answered.
 */
export const readBack = async (
  deps: Deps<'ec2'>,
  instanceId: string,
  interfaces: readonly IsolatedInterface[],
): Promise<ReadBack> => {
  const { clock, log } = deps;
  const ids = interfaces.map(({ id }) => id);
  let last: ReadBack | undefined;
  let failure: unknown;
  for (const milliseconds of readBackWaits) {
    if (milliseconds > 0) await clock.sleep(milliseconds);
    try {
      const seen = await readGroupsNow(deps, instanceId, ids);
      last = { at: clock.now(), wrong: wrongOnes(interfaces, seen), seen };
      if (last.wrong.length === 0) return last;
    } catch (error) {
      if (!isPassing(error)) throw error;
      failure = error;
      log.warn('the groups could not be read back', { instanceId, error: inWords(error) });
    }
  }
  if (last === undefined) throw failure;
  return last;
};
