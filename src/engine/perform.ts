import type { Deps } from '../aws/clients.ts';
import type { Case } from '../case/case.ts';
import { unite } from '../case/vouched.ts';
import type { TagsByResource } from '../record/trail/tags.ts';
import type { Change } from './change.ts';
import { remember } from './remember.ts';
import type { Sent } from './send.ts';
import { send } from './send.ts';

export interface Performed<Planned extends Change> {
  /** How each change ended, in the order in which they were planned. */
  readonly sent: readonly Sent<Planned>[];
  /** What was before, as it was to be written to tags: what this run can vouch for. */
  readonly values: TagsByResource;
  /** Where the tags do not have it, with the key where a value does not fit; the log has it. */
  readonly unwritten: readonly string[];
}

/** What has to be remembered of these changes, by resource, and what no tag can hold. */
const toRemember = (changes: readonly Change[]) => {
  const unfit = new Set<string>();
  const values = changes.flatMap(({ remember: remembering }): TagsByResource[] => {
    if (remembering === undefined) return [];
    const { resourceId, tags } = remembering;
    const fitting: Record<string, string> = {};
    for (const [key, value] of Object.entries(tags)) {
      if (value === undefined) unfit.add(`${resourceId} (${key})`);
      else fitting[key] = value;
    }
    return [{ [resourceId]: fitting }];
  });
  return { values: unite(...values), unfit: [...unfit] };
};

/** What has not been written before, with the same value. */
const withoutKnown = (values: TagsByResource, known: TagsByResource): TagsByResource =>
  Object.fromEntries(
    Object.entries(values).map(([id, tags]) => [
      id,
      Object.fromEntries(Object.entries(tags).filter(([key, value]) => known[id]?.[key] !== value)),
    ]),
  );

/**
 * Makes changes that do not depend on each other: first what was before is written, in as few calls
 * as it takes, then all are sent side by side. One that fails does not keep the others.
 *
 * @param besides what is to be remembered beside what the changes name.
 * @param known what this run has written to tags already.
 */
export const perform = async <Planned extends Change>(
  deps: Deps<'ec2'>,
  theCase: Case,
  changes: readonly Planned[],
  besides: TagsByResource = {},
  known: TagsByResource = {},
): Promise<Performed<Planned>> => {
  const { values: own, unfit } = toRemember(changes);
  const values = unite(own, besides);
  const left = await remember(deps, theCase, withoutKnown(values, known));
  const sent = await Promise.all(changes.map((change) => send(deps, theCase.caseId, change)));
  return { sent, values, unwritten: [...new Set([...left, ...unfit])] };
};
