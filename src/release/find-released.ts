import { UnintelligibleEventError } from '../case/errors.ts';
import type { NetworkAcl } from '../case/network-acl.ts';
import type { Now } from '../case/now.ts';
import type { CaseReport } from '../case/report.ts';
import type { UndoKnowledge } from '../case/undo/knowledge.ts';
import { knowledgeOf } from '../case/undo/knowledge-of.ts';
import type { FoundCase } from '../find-case.ts';
import { findCase } from '../find-case.ts';
import { naclNoteTag, notedDenies } from '../record/trail/nacl-note.ts';
import type { Seals } from '../record/trail/seal/judge-trail.ts';
import { isForged } from '../record/trail/seal/judge-trail.ts';
import { taggedCaseId } from '../record/trail/tagged-case.ts';
import { verifyFound } from '../verify-case.ts';
import type { ChangedGroup } from './changed-groups.ts';
import { changedGroups, unknownGroups } from './changed-groups.ts';
import { readAround } from './read-around.ts';
import type { ReleaseDeps } from './release-deps.ts';

/** A case as it stands, with everything that a release is computed from. */
export interface Releasable {
  readonly found: FoundCase;
  /** The case that the trail names, if it can be this instance's. */
  readonly caseId: string | undefined;
  readonly report: CaseReport;
  readonly knowledge: UndoKnowledge;
  /** Groups of the time before, and others that the person named, that are still there. */
  readonly existing: ReadonlySet<string>;
  /** Groups of the time before whose rules somebody has changed since. */
  readonly changed: readonly ChangedGroup[];
  /** The notes of this instance on network ACLs, whether or not their entries still stand. */
  readonly aclNotes: Readonly<Record<string, string>>;
  /** What could not be read, so that it may be left as the case has it, in words. */
  readonly unread: readonly string[];
}

const deniesIn = (acls: readonly NetworkAcl[], instanceId: string): NonNullable<Now['denies']> =>
  acls.flatMap((acl) =>
    ([false, true] as const).flatMap((egress) =>
      notedDenies(acl, instanceId, egress).map((number) => ({ aclId: acl.id, number, egress })),
    ),
  );

/** A note of which nothing was judged has no seal that anybody has seen. */
const unsealedNotes = (acls: readonly NetworkAcl[]): Seals =>
  Object.fromEntries(
    acls.map(({ id }) => [id, { state: 'unsealed' as const, why: 'its note has no seal' }]),
  );

/** The ACLs whose notes no seal shows to be somebody else's. */
const believedAcls = (acls: readonly NetworkAcl[], seals: Seals): readonly NetworkAcl[] =>
  acls.filter(({ id }) => {
    const seal = seals[id];
    return seal !== undefined && !isForged(seal);
  });

/**
 * What the notes that are not Cordon's would have taken back: entries of network ACLs that deny for
 * somebody else, perhaps. They are named, and left.
 */
const leftDenies = (acls: readonly NetworkAcl[], seals: Seals): readonly string[] =>
  acls.flatMap(({ id }) => {
    const seal = seals[id];
    return seal === undefined || !isForged(seal)
      ? []
      : [`the note of denied addresses on ${id} is ${seal.state} (${seal.why}): its entries stay`];
  });

/** @throws UnintelligibleEventError when the trail does not name the case that was asked for. */
const requireCase = (
  { instanceId, caseId: asked }: { readonly instanceId: string; readonly caseId?: string },
  named: string | undefined,
): void => {
  if (asked === undefined || asked === named) return;
  throw new UnintelligibleEventError(
    `The trail of ${instanceId} does not name ${asked}, but ${named ?? 'no case'}; name the instance instead.`,
  );
};

/**
 * Reads a case back, and what is remembered of the world before it.
 *
 * @param named groups that the person wants interfaces to have.
 * @throws InstanceNotFoundError when EC2 does not know the instance any more.
 * @throws UnintelligibleEventError when the instance has another case than the one named.
 */
export const findReleasable = async (
  deps: ReleaseDeps,
  subject: { readonly instanceId: string; readonly caseId?: string },
  region: string,
  named: readonly string[] = [],
): Promise<Releasable> => {
  const found = await findCase(deps, subject.instanceId, region);
  const { instance } = found.before;
  const caseId = taggedCaseId(instance, deps.clock.now());
  requireCase(subject, caseId);
  // What a part of a release has opened already is not expected to hold.
  const report = await verifyFound(deps, found, { once: true });
  const knowledge = knowledgeOf(found.case, found.before, report.steps);
  const { former, now } = knowledge;
  const around = await readAround(deps, found, knowledge, named);
  const { acls, revocations, flowLogs, groups, mirrors, unread } = around;
  const seals = { ...unsealedNotes(acls), ...found.seals };
  const denies = deniesIn(believedAcls(acls, seals), instance.id);
  return {
    found: { ...found, seals },
    caseId,
    report,
    knowledge: { ...knowledge, now: { ...now, denies, revocations, flowLogs, ...mirrors } },
    aclNotes: Object.fromEntries(
      acls.map(({ id, tags }) => [id, tags[naclNoteTag(instance.id)] ?? '']),
    ),
    existing: new Set(groups.map(({ id }) => id)),
    changed: changedGroups(former, groups),
    unread: [
      ...unread,
      ...leftDenies(acls, seals),
      ...unknownGroups(former, groups).map(
        (id) => `whether the rules of ${id} were changed since is not known`,
      ),
    ],
  };
};
