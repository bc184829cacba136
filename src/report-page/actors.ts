import { oneLine } from '../case/one-line.ts';

/** Who it was, short: the end of an ARN, which has the name of the role's session or of the user. */
export const actorName = (actor: string | undefined): string => {
  if (actor === undefined) return 'unknown';
  const [, ...rest] = oneLine(actor).split('/');
  return rest.at(-1) ?? oneLine(actor);
};

/** Names with everybody whom they stand for, in the order in which they first appear. */
export const actorsOf = (actors: readonly string[]): ReadonlyMap<string, readonly string[]> =>
  Map.groupBy([...new Set(actors)], actorName);
