import { ReleaseRefusedError } from '../case/errors.ts';
import { oneLine } from '../case/one-line.ts';
import type { Phase } from '../case/undo/inverse.ts';
import { isAcl } from '../record/trail/acl-trail.ts';
import { isBeforeKey, stale } from '../record/trail/keys.ts';
import { naclNoteTag } from '../record/trail/nacl-note.ts';
import { isForged, tagsByResource } from '../record/trail/seal/judge-trail.ts';
import type { Releasable } from './find-released.ts';
import { isGone } from './is-gone.ts';

/** What a person says about a trail that does not vouch for itself. */
export interface Trust {
  /** The person has looked at tags of which nothing shows whose they are. */
  readonly trustTags?: boolean;
  /** The person has looked at the rules of groups that were changed since the containment. */
  readonly trustGroups?: boolean;
  readonly only?: readonly Phase[];
  /** Nothing is given back, so that nothing has to be trusted. */
  readonly close?: boolean;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
}

/** What is remembered of a resource stands in a journal too, which nobody else can write. */
const isWitnessed = ({ found, aclNotes }: Releasable, id: string): boolean => {
  if (isAcl(id)) {
    const known = found.open?.journal?.values[id]?.[naclNoteTag(found.case.instanceId)];
    return known !== undefined && known === aclNotes[id];
  }
  const tags = tagsByResource(found.before.instance)[id] ?? {};
  const journal = found.open?.journal?.values[id] ?? {};
  return Object.entries(tags).every(
    ([key, value]) => !isBeforeKey(key) || value === stale || journal[key] !== undefined,
  );
};

/** The person names what the resource gets, so that nobody has to remember it. */
const isNamed = ({ found }: Releasable, id: string, { only, groups = {} }: Trust): boolean =>
  id === found.case.instanceId || id.startsWith('vol-')
    ? (only?.every((phase) => phase === 'network') ?? false)
    : groups[id] !== undefined;

/** What stands beside a seal that shows that it is not Cordon's; only explicit values replace it. */
const forged = (releasable: Releasable, trust: Trust): readonly string[] =>
  Object.entries(releasable.found.seals).flatMap(([id, seal]) => {
    // The entries that a forged note of a network ACL names are left, and told.
    if (!isForged(seal) || isAcl(id) || isNamed(releasable, id, trust)) return [];
    if (trust.trustTags === true && isWitnessed(releasable, id)) return [];
    return [`${id} is ${seal.state}: ${seal.why}`];
  });

/** What nothing shows to be Cordon's. */
const doubtful = (releasable: Releasable, trust: Trust): readonly string[] => {
  const { found } = releasable;
  const { recollection } = found.before;
  const unsealed = Object.entries(found.seals).flatMap(([id, { state }]) =>
    (state === 'unsealed' || state === 'unverifiable') &&
    !isWitnessed(releasable, id) &&
    !isNamed(releasable, id, trust)
      ? [`${id} is ${state}`]
      : [],
  );
  return [
    ...(recollection?.standing === 'unproven'
      ? ['nothing shows that what its tags remember was written in this case']
      : []),
    ...unsealed,
    ...(recollection?.foreign ?? []).map((one) => `somebody else’s value: ${one}`),
    ...(recollection?.disagreements ?? []).map((one) => `two sources disagree: ${one}`),
  ];
};

const listed = (doubts: readonly string[]): string => oneLine(doubts.join('; ')).slice(0, 600);

/** A group that somebody has changed while the server was isolated may let anybody in. */
const requireGroups = (
  { found, changed, knowledge }: Releasable,
  { trustGroups, only, groups = {} }: Trust,
): void => {
  if (trustGroups === true || only?.includes('network') === false) return;
  const given = Object.entries(knowledge.former.interfaces).flatMap(([id, one]) =>
    groups[id] === undefined ? (one.groups ?? []) : [],
  );
  const concerned = changed.filter(({ id }) => given.includes(id));
  if (concerned.length === 0) return;
  const now = concerned.map(({ id, rules }) => `${id} now has ${rules.join(', ') || 'no rule'}`);
  throw new ReleaseRefusedError(
    `The rules of groups that ${found.case.instanceId} would be given back were changed since it was isolated (${listed(now)}): look at them, and say --trust-groups, or name other groups with --groups.`,
  );
};

/**
 * Refuses what a person has to look at first: tags that may be somebody else's are no ground to give
 * an interface groups, or a role to a host.
 *
 * @throws ReleaseRefusedError
 */
export const requireTrust = (releasable: Releasable, trust: Trust = {}): void => {
  const { found, caseId } = releasable;
  const { id } = found.before.instance;
  if (caseId === undefined) {
    throw new ReleaseRefusedError(
      `No case of ${id} is known: there is nothing that could be given back.`,
    );
  }
  if (isGone(releasable) || trust.close === true) return;
  const lies = forged(releasable, trust);
  if (lies.length > 0) {
    throw new ReleaseRefusedError(
      `The trail of ${id} is not as Cordon wrote it (${listed(lies)}): find out who changed it, and name what the interfaces get yourself, --only network --groups eni-…=sg-….`,
    );
  }
  requireGroups(releasable, trust);
  const doubts = trust.trustTags === true ? [] : doubtful(releasable, trust);
  if (doubts.length === 0) return;
  throw new ReleaseRefusedError(
    `The trail of ${id} cannot be trusted as it is (${listed(doubts)}): look at it, and say --trust-tags.`,
  );
};
