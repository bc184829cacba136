/** How one snapshot stands after a look; each list in words. */
export interface Standing {
  /** What is so. */
  readonly done: readonly string[];
  /** What is not so, and what to do. */
  readonly troubles: readonly string[];
  /** What is looked at again. */
  readonly waits: readonly string[];
  /** What people have to know beside, each once however many snapshots it is about. */
  readonly notes: readonly string[];
}

export const nothing: Standing = { done: [], troubles: [], waits: [], notes: [] };

export const isDone = (words: string): Standing => ({ ...nothing, done: [words] });
export const trouble = (words: string): Standing => ({ ...nothing, troubles: [words] });
export const waits = (words: string): Standing => ({ ...nothing, waits: [words] });

export const together = (standings: readonly Standing[]): Standing => ({
  done: standings.flatMap(({ done }) => done),
  troubles: standings.flatMap(({ troubles }) => troubles),
  waits: standings.flatMap(({ waits: waiting }) => waiting),
  notes: [...new Set(standings.flatMap(({ notes }) => notes))],
});

/** A message has room for so many of each. */
const longest = 8;

/** At most eight of a list, and how many there are beside. */
export const listed = (words: readonly string[]): string =>
  words.length <= longest
    ? words.join('; ')
    : `${words.slice(0, longest).join('; ')}; and ${words.length - longest} more`;
