import { inWords } from '../errors.ts';
import type { Log } from '../log.ts';
import { listsOf } from '../pages.ts';

/**
 * Reads something of many resources, so many of them per call, and keeps it by resource. A list that
 * is refused is logged and leaves its resources out: whoever needs one of them reads it alone.
 *
 * @param what the resources' facts, in words.
 */
export const readInLists = async <Value>(
  log: Log,
  what: string,
  ids: readonly string[],
  longest: number,
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): Promise<ReadonlyMap<string, Value>> => {
  const answers = await Promise.all(
    listsOf([...new Set(ids)], longest).map(async (some) => {
      try {
        return await read(some);
      } catch (error) {
        const fields = { what, resources: some.length, error: inWords(error) };
        log.warn('a batch could not be read, so each is read alone', fields);
        return new Map<string, Value>();
      }
    }),
  );
  return new Map(answers.flatMap((answer) => [...answer]));
};
