import { oneLine } from '../case/one-line.ts';

/** What CloudFormation appends to the names that it makes. */
const made = /-[A-Z0-9]{8,}$/;

/**
 * Who it was, short: the end of an ARN, which has the name of the session of a role, of a user or of a
 * function.
 */
export const actorName = (actor: string): string =>
  (oneLine(actor).split(/[/:]/).at(-1) ?? '').replace(made, '') || oneLine(actor);

/** Names with everybody whom they stand for, in the order in which they first appear. */
export const actorsOf = (actors: readonly string[]): ReadonlyMap<string, readonly string[]> =>
  Map.groupBy([...new Set(actors)], actorName);
