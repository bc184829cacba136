import type { Deps } from '../aws/clients.ts';
import { waitAtMost } from '../aws/clock.ts';
import { codeOf, inWords, isUnavailable } from '../aws/errors.ts';
import { writeTags } from '../aws/tags.ts';
import type { Case } from '../case/case.ts';
import type { Tags, TagsByResource } from '../record/trail/tags.ts';

/** The longest that a change waits for its before-value to be written, in milliseconds. */
export const rememberingBudget = 3_000;

const pauseBetweenTries = 200;

/** Two writers of one resource at once: the one that AWS refuses may try again. */
const isWorthAnotherTry = (error: unknown): boolean =>
  isUnavailable(error) || codeOf(error) === 'ConcurrentTagAccess';

interface Batch {
  readonly ids: readonly string[];
  readonly tags: Tags;
}

/** One call for all resources that are told the same. */
const batchesOf = (values: TagsByResource): readonly Batch[] => {
  const told = Object.entries(values).filter(([, tags]) => Object.keys(tags).length > 0);
  const equal = Map.groupBy(told, ([, tags]) => JSON.stringify(tags));
  return [...equal.values()].map((some) => ({
    ids: some.map(([id]) => id),
    tags: some[0]?.[1] ?? {},
  }));
};

const write = async (
  { clients, clock }: Deps<'ec2'>,
  { ids, tags }: Batch,
  over: AbortSignal,
): Promise<void> => {
  for (;;) {
    try {
      await writeTags(clients.ec2, ids, tags, false, over);
      return;
    } catch (error) {
      if (over.aborted || !isWorthAnotherTry(error)) throw error;
      await clock.sleep(pauseBetweenTries, over);
      if (over.aborted) throw error;
    }
  }
};

/** What became of the writing, resource by resource. */
interface Progress {
  readonly written: Set<string>;
  readonly errors: Map<string, unknown>;
  /** By resource: the keys that found no room. */
  readonly left: Map<string, string[]>;
}

/** The tags without their last, which is the least important; undefined where there is only one. */
const withoutLast = (tags: Tags): { readonly fewer: Tags; readonly last: string } | undefined => {
  const entries = Object.entries(tags);
  const last = entries.pop();
  return last === undefined || entries.length === 0
    ? undefined
    : { fewer: Object.fromEntries(entries), last: last[0] };
};

/**
 * If one of several resources is gone or has no room, AWS refuses the whole call; each is then written
 * by itself. If a resource has no room for all tags, it gets as many as it takes, the first ones first.
 */
const writeEach = async (
  deps: Deps<'ec2'>,
  { ids, tags }: Batch,
  over: AbortSignal,
  progress: Progress,
): Promise<void> => {
  try {
    await write(deps, { ids, tags }, over);
    for (const id of ids) progress.written.add(id);
  } catch (error) {
    for (const id of ids) progress.errors.set(id, error);
    if (over.aborted) return;
    const [only] = ids;
    if (ids.length === 1 && only !== undefined) {
      const rest = codeOf(error) === 'TagLimitExceeded' ? withoutLast(tags) : undefined;
      if (rest === undefined) return;
      progress.left.set(only, [...(progress.left.get(only) ?? []), rest.last]);
      await writeEach(deps, { ids, tags: rest.fewer }, over, progress);
      return;
    }
    await Promise.all(ids.map((id) => writeEach(deps, { ids: [id], tags }, over, progress)));
  }
};

/**
 * Writes what was before into the journal of this machine, where there is one. No call of AWS is
 * needed for it, so that it can stand before the very first change. Never throws: the tags remain.
 */
export const rememberInJournal = async (
  { journal, clock, log }: Deps<'ec2'>,
  { accountId, region, instanceId, caseId }: Case,
  values: TagsByResource,
): Promise<void> => {
  if (journal === undefined) return;
  try {
    // A disk that does not answer must not delay the cut.
    await waitAtMost(
      clock,
      rememberingBudget,
      journal.append({ accountId, region, instanceId }, caseId, values),
    );
  } catch (error) {
    log.error('the before-state could not be written to the journal of this machine', {
      caseId,
      error: inWords(error),
    });
  }
};

/**
 * Writes what was before to the tags of the resources. It gives up after three seconds, because
 * nothing that is to be cut waits longer for its tags.
 *
 * @returns the ids of the resources whose tags were not written, and `<id> (<key>)` for a single tag that
 *   found no room; the log has what they say.
 */
export const rememberInTags = async (
  deps: Deps<'ec2'>,
  theCase: Case,
  values: TagsByResource,
): Promise<readonly string[]> => {
  const { clock, log } = deps;
  const batches = batchesOf(values);
  const progress: Progress = { written: new Set(), errors: new Map(), left: new Map() };
  const over = new AbortController();
  await waitAtMost(
    clock,
    rememberingBudget,
    Promise.all(batches.map((batch) => writeEach(deps, batch, over.signal, progress))),
  );
  over.abort();
  const unwritten = batches.flatMap(({ ids }) => ids).filter((id) => !progress.written.has(id));
  const inPart = [...progress.left].filter(([id]) => progress.written.has(id));
  for (const id of [...unwritten, ...inPart.map(([one]) => one)]) {
    const error = progress.errors.get(id);
    log.error('a before-state could not be written to tags', {
      caseId: theCase.caseId,
      resourceId: id,
      tags: values[id],
      error: error === undefined ? 'no answer' : inWords(error),
    });
  }
  return [...unwritten, ...inPart.flatMap(([id, keys]) => keys.map((key) => `${id} (${key})`))];
};

/** Writes what was before, before it is changed: into the journal of this machine, then to the tags. */
export const remember = async (
  deps: Deps<'ec2'>,
  theCase: Case,
  values: TagsByResource,
): Promise<readonly string[]> => {
  await rememberInJournal(deps, theCase, values);
  return rememberInTags(deps, theCase, values);
};
