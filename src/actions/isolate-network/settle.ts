import { isUnavailable } from '../../aws/errors.ts';
import type { IsolatedInterface } from '../../case/details.ts';
import { isolate } from './change-groups.ts';
import type { CutResult, Cutting } from './cut-off.ts';
import { groupChange } from './cut-off.ts';
import type { ReadBack } from './read-back.ts';
import { readBack, wrongInWords } from './read-back.ts';

/** Milliseconds before each look for an opening that AWS has applied late. */
const looksForLateOpening = [1_000, 4_000] as const;

const isolateAgain = async (cutting: Cutting, { wrong, seen }: ReadBack): Promise<void> => {
  const { deps } = cutting;
  await Promise.all(
    wrong.map(({ id, to }) => {
      deps.log.warn('an interface is not in its isolation group and is isolated again', {
        networkInterfaceId: id,
      });
      return isolate(deps, cutting.case, groupChange(cutting, id, seen.get(id) ?? [], to));
    }),
  );
};

/** Reads back, and isolates again what is not isolated: AWS may answer a call and change nothing. */
const readBackOrRepeat = async (
  cutting: Cutting,
  instanceId: string,
  interfaces: readonly IsolatedInterface[],
): Promise<ReadBack> => {
  const first = await readBack(cutting.deps, instanceId, interfaces);
  if (first.wrong.length === 0) return first;
  await isolateAgain(cutting, first);
  return readBack(cutting.deps, instanceId, interfaces);
};

export interface Settled {
  /** When every interface was first seen in its isolation group. */
  readonly at: Date;
  /** Interfaces that are not in their isolation group, in words. */
  readonly wrong: readonly string[];
}

/**
 * Reads the cut back until every interface is isolated. If AWS did not answer the opening of an
 * interface, it may apply it after the isolating change. The groups are therefore read again later,
 * and isolated again if necessary.
 *
 * @throws what EC2 answers when nothing can be read, or the repeated change fails.
 */
export const settle = async (
  cutting: Cutting,
  instanceId: string,
  cut: readonly CutResult[],
): Promise<Settled> => {
  const interfaces = cut.map(({ one }) => one);
  const first = await readBackOrRepeat(cutting, instanceId, interfaces);
  const doubtful = cut
    .filter(({ transitionError }) => isUnavailable(transitionError))
    .map(({ one }) => one);
  if (first.wrong.length > 0 || doubtful.length === 0) {
    return { at: first.at, wrong: wrongInWords(first) };
  }
  let last = first;
  for (const milliseconds of looksForLateOpening) {
    await cutting.deps.clock.sleep(milliseconds);
    last = await readBackOrRepeat(cutting, instanceId, doubtful);
  }
  return { at: first.at, wrong: wrongInWords(last) };
};
