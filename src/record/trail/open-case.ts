import type { Instance, NetworkInterface } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import { caseBegan } from '../../case/case.ts';
import { isCordonGroupName } from '../../case/isolation-group.ts';
import type { SecurityGroup } from '../../case/security-group.ts';
import type { JournalCase } from './journal.ts';
import { caseTag, statusTag } from './keys.ts';
import { ownCaseId, taggedCaseId } from './tagged-case.ts';

/** What beside the tags can show whose a remembered value is. */
export interface Evidence {
  /** What this machine's journal holds of the instance, the newest case first. */
  readonly journal: readonly JournalCase[];
  /** Whether an execution of the claimed case's name is about this instance. */
  readonly execution: 'exists' | 'absent' | 'unknown';
}

/** The case that an instance is in, and whether more than its tags says so. */
export interface OpenCase {
  readonly caseId: string;
  readonly standing: 'kept' | 'unproven';
  readonly journal?: JournalCase;
}

/** The groups of Cordon's in an interface's VPC: known by name, VPC and owner. */
const cordonIds = (
  instance: Instance,
  { vpcId }: NetworkInterface,
  groups: readonly SecurityGroup[],
): ReadonlySet<string> =>
  new Set(
    groups
      .filter(
        (group) =>
          isCordonGroupName(group.name) &&
          group.vpcId === vpcId &&
          group.ownerId === instance.accountId,
      )
      .map(({ id }) => id),
  );

/** Whether Cordon has moved this interface, as far as its groups tell. */
export const isInCordonGroup = (
  instance: Instance,
  one: NetworkInterface,
  groups: readonly SecurityGroup[],
): boolean => {
  const own = cordonIds(instance, one, groups);
  return one.groupIds.some((id) => own.has(id));
};

const isWhollyCordons = (
  instance: Instance,
  one: NetworkInterface,
  groups: readonly SecurityGroup[],
): boolean => {
  const own = cordonIds(instance, one, groups);
  return one.groupIds.length > 0 && one.groupIds.every((id) => own.has(id));
};

/** The case that the interfaces name, where the instance's own tag names none. */
const namedByInterfaces = (instance: Instance, now: Date): string | undefined => {
  const named = movableInterfaces(instance).flatMap(
    ({ cordonTags = {} }) => ownCaseId(cordonTags[caseTag], instance, now) ?? [],
  );
  return named.toSorted().at(-1);
};

/** The case that the tags claim, unless it was given back. */
export const claimedCase = (
  instance: Instance,
  groups: readonly SecurityGroup[],
  now: Date,
): string | undefined => {
  const claimed = taggedCaseId(instance, now) ?? namedByInterfaces(instance, now);
  const ended = /^(?:released|closed)$/.test(instance.tags[statusTag] ?? '');
  const movable = movableInterfaces(instance);
  // The status is the first thing that a release by hand writes: nothing was given back yet.
  const isolated =
    movable.length > 0 && movable.every((one) => isWhollyCordons(instance, one, groups));
  return ended && !isolated ? undefined : claimed;
};

/** For how long a run that left no trace in AWS may still be gone on with, in milliseconds. */
const longestWithoutTrace = 3_600_000;

/** The journal's newest case, where it is open although the tags do not name it. */
const openInJournal = (
  instance: Instance,
  groups: readonly SecurityGroup[],
  [newest]: readonly JournalCase[],
  now: Date,
): OpenCase | undefined => {
  if (newest === undefined || ownCaseId(newest.caseId, instance, now) === undefined) {
    return undefined;
  }
  // Named and not claimed: it was given back.
  if (instance.tags[caseTag] === newest.caseId) return undefined;
  const began = caseBegan(newest.caseId)?.getTime() ?? 0;
  const traced = movableInterfaces(instance).some((one) => isInCordonGroup(instance, one, groups));
  return traced || now.getTime() - began < longestWithoutTrace + 600_000
    ? { caseId: newest.caseId, standing: 'kept', journal: newest }
    : undefined;
};

/**
 * The case that the instance is in, from what its tags claim and what can witness it: the journal of
 * this machine, an interface in a group of Cordon's, an execution of that name. Undefined where there
 * is none, or where the execution that the tags name provably does not exist.
 */
export const openCase = (
  instance: Instance,
  groups: readonly SecurityGroup[],
  { journal, execution }: Evidence,
  now: Date,
): OpenCase | undefined => {
  const caseId = claimedCase(instance, groups, now);
  if (caseId === undefined) return openInJournal(instance, groups, journal, now);
  const own = journal.find((one) => one.caseId === caseId);
  if (own !== undefined) return { caseId, standing: 'kept', journal: own };
  const moved = movableInterfaces(instance).some((one) => isInCordonGroup(instance, one, groups));
  if (moved || execution === 'exists') return { caseId, standing: 'kept' };
  return execution === 'absent' ? undefined : { caseId, standing: 'unproven' };
};
