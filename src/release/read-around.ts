import { GetInstanceProfileCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { codeOf, inWords } from '../aws/errors.ts';
import { readFlowLogs } from '../aws/flow-logs.ts';
import { readNetworkAcls } from '../aws/network-acls.ts';
import { readGroupsById } from '../aws/security-groups.ts';
import type { Instance } from '../case/before.ts';
import type { NetworkAcl } from '../case/network-acl.ts';
import type { Now } from '../case/now.ts';
import { profileNameOf, revocationPolicyName } from '../case/revocation.ts';
import type { UndoKnowledge } from '../case/undo/knowledge.ts';
import type { FoundCase } from '../find-case.ts';
import { naclNoteTag } from '../record/trail/nacl-note.ts';
import type { FoundMirrors } from './find-mirrors.ts';
import { findMirrors } from './find-mirrors.ts';
import type { ReleaseDeps } from './release-deps.ts';

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

/** Those that this case has made of this instance's interfaces, whatever tags others have. */
const readOwnFlowLogs = async (
  { clients }: ReleaseDeps,
  { case: theCase, before: { instance } }: FoundCase,
): Promise<NonNullable<Now['flowLogs']>> => {
  const own = instance.networkInterfaces.map(({ id }) => id);
  const logs = await readFlowLogs(clients.ec2, theCase);
  return logs.filter(({ interfaceId }) => own.includes(interfaceId));
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
export const readAround = async (
  deps: ReleaseDeps,
  found: FoundCase,
  { former }: UndoKnowledge,
  named: readonly string[],
) => {
  const unread: string[] = [];
  const { instance } = found.before;
  const wanted = Object.values(former.interfaces).flatMap(({ groups = [] }) => groups);
  const profileArn = former.instanceProfileArn ?? instance.instanceProfileArn;
  const [acls, revocations, flowLogs, groups, mirrors] = await Promise.all([
    orNothing('entries of network ACLs', unread, readNotedAcls(deps, instance)),
    orNothing('the policies of its role', unread, readRevocations(deps, instance.id, profileArn)),
    orNothing('its flow logs', unread, readOwnFlowLogs(deps, found)),
    readGroupsById(deps.clients.ec2, [...new Set([...wanted, ...named])]),
    mirrorsOrNothing(unread, findMirrors(deps, found.case.caseId, instance)),
  ]);
  return { acls, revocations, flowLogs, groups, mirrors, unread };
};
