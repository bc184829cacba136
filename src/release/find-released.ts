import { GetInstanceProfileCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { codeOf, inWords } from '../aws/errors.ts';
import { readNetworkAcls } from '../aws/network-acls.ts';
import { readGroupsById } from '../aws/security-groups.ts';
import type { Instance } from '../case/before.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import type { NetworkAcl } from '../case/network-acl.ts';
import type { Now } from '../case/now.ts';
import type { CaseReport } from '../case/report.ts';
import { profileNameOf, revocationPolicyName } from '../case/revocation.ts';
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
import type { FoundMirrors } from './find-mirrors.ts';
import { findMirrors } from './find-mirrors.ts';
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

/** The network ACLs of its subnets that bear a note of this instance. */
const readNotedAcls = async (
  { clients }: ReleaseDeps,
  { id, networkInterfaces }: Instance,
): Promise<readonly NetworkAcl[]> => {
  const subnetIds = networkInterfaces.flatMap(({ subnetId, associatedSubnetIds = [] }) => [
    subnetId,
    ...associatedSubnetIds,
  ]);
  const acls = await readNetworkAcls(clients.ec2, [...new Set(subnetIds)]);
  return acls.filter(({ tags }) => tags[naclNoteTag(id)] !== undefined);
};

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

/** Roles of the profile with the policy that denies this instance's sessions everything. */
const readRevocations = async (
  { clients }: ReleaseDeps,
  instanceId: string,
  profileArn: string | undefined,
): Promise<NonNullable<Now['revocations']>> => {
  if (profileArn === undefined) return [];
  const { InstanceProfile } = await clients.iam.send(
    new GetInstanceProfileCommand({ InstanceProfileName: profileNameOf(profileArn) }),
  );
  const policyName = revocationPolicyName(instanceId);
  const roles = (InstanceProfile?.Roles ?? []).flatMap(({ RoleName }) => RoleName ?? []);
  const found = await Promise.all(
    roles.map(async (roleName) => {
      try {
        await clients.iam.send(
          new GetRolePolicyCommand({ RoleName: roleName, PolicyName: policyName }),
        );
        return [{ roleName, policyName }];
      } catch (error) {
        if (/^NoSuchEntity/.test(codeOf(error))) return [];
        throw error;
      }
    }),
  );
  return found.flat();
};

/** A reading that a release can do without: what it would have found is named. */
const orNothing = async <Value>(
  what: string,
  unread: string[],
  reading: Promise<readonly Value[]>,
): Promise<readonly Value[]> => {
  try {
    return await reading;
  } catch (error) {
    unread.push(`${what} could not be read: ${inWords(error)}`);
    return [];
  }
};

/** A release without them leaves the sessions, which mirror on and are named. */
const mirrorsOrNothing = async (
  unread: string[],
  reading: Promise<FoundMirrors>,
): Promise<Omit<FoundMirrors, 'left'>> => {
  try {
    const { left, ...mirrors } = await reading;
    unread.push(...left);
    return mirrors;
  } catch (error) {
    unread.push(`traffic mirror sessions could not be read: ${inWords(error)}`);
    return {};
  }
};

/** What of the reinforcements, and of the groups of the time before, is there now. */
const readAround = async (
  deps: ReleaseDeps,
  { case: theCase, before: { instance } }: FoundCase,
  { former }: UndoKnowledge,
  named: readonly string[],
) => {
  const unread: string[] = [];
  const wanted = Object.values(former.interfaces).flatMap(({ groups = [] }) => groups);
  const profileArn = former.instanceProfileArn ?? instance.instanceProfileArn;
  const [acls, revocations, groups, mirrors] = await Promise.all([
    orNothing('entries of network ACLs', unread, readNotedAcls(deps, instance)),
    orNothing('the policies of its role', unread, readRevocations(deps, instance.id, profileArn)),
    readGroupsById(deps.clients.ec2, [...new Set([...wanted, ...named])]),
    mirrorsOrNothing(unread, findMirrors(deps, theCase.caseId, instance)),
  ]);
  return { acls, revocations, groups, mirrors, unread };
};

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
  const { acls, revocations, groups, mirrors, unread } = around;
  const seals = { ...unsealedNotes(acls), ...found.seals };
  const denies = deniesIn(believedAcls(acls, seals), instance.id);
  return {
    found: { ...found, seals },
    caseId,
    report,
    knowledge: { ...knowledge, now: { ...now, denies, revocations, ...mirrors } },
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
