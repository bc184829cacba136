import type { EC2Client } from '@aws-sdk/client-ec2';
import { isCaseIdOf } from '../case/case.ts';
import { isCordonGroupName, isTransitionGroupName } from '../case/isolation-group.ts';
import { caseTag, statusTag } from '../record/trail/keys.ts';
import type { GroupUser } from './group-users.ts';
import { readUsersOf } from './group-users.ts';
import { instanceReadPermissions, readInstancesBy } from './instances.ts';
import { networkInterfacePermissions } from './network-interfaces.ts';
import { readOwnAccount } from './own-account.ts';
import { filterLists } from './pages.ts';
import { readCordonGroups, securityGroupPermissions } from './security-groups.ts';

export const containedPermissions = [
  ...instanceReadPermissions,
  ...networkInterfacePermissions,
  ...securityGroupPermissions,
] as const;

/** What the trail says while a case is open. */
const openStatuses = ['running', 'contained', 'partial'];

const alive = ['pending', 'running', 'stopping', 'stopped'];

/** The instances with an interface in a group of Cordon's. EC2 lists nobody else's instances. */
const readIsolatedInstances = async (ec2: EC2Client): Promise<readonly string[]> => {
  const groups = await readCordonGroups(ec2);
  const instances = await Promise.all(
    filterLists(groups.map(({ id }) => id)).map((Values) =>
      readInstancesBy(ec2, { Name: 'network-interface.group-id', Values }),
    ),
  );
  return instances.flat().flatMap(({ InstanceId }) => InstanceId ?? []);
};

/** Which of these instances exist and are not terminated: nothing is left to watch of the others. */
export const readAlive = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<readonly string[]> => {
  const found = await Promise.all(
    filterLists(instanceIds).map((Values) =>
      readInstancesBy(
        ec2,
        { Name: 'instance-id', Values },
        { Name: 'instance-state-name', Values: alive },
      ),
    ),
  );
  return found.flat().flatMap(({ InstanceId }) => InstanceId ?? []);
};

/**
 * The instances whose containment is open: those with an interface in a group of Cordon's, which
 * nobody can fake by a tag, and those whose trail says so, which may have been moved out.
 */
export const readContainedInstances = async (ec2: EC2Client): Promise<readonly string[]> => {
  const [isolated, tagged] = await Promise.all([
    readIsolatedInstances(ec2),
    readInstancesBy(
      ec2,
      { Name: `tag:${statusTag}`, Values: openStatuses },
      { Name: 'instance-state-name', Values: alive },
    ),
  ]);
  return [...new Set([...isolated, ...tagged.flatMap(({ InstanceId }) => InstanceId ?? [])])];
};

/**
 * The account's own interfaces that are in a transition group, which lets everything through. Who
 * owns a shared VPC sees those of the accounts that take part in it, and can change none of them
 * (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html).
 */
export const readOpenInterfaces = async (ec2: EC2Client): Promise<readonly GroupUser[]> => {
  // The API has no filter of interfaces by the name of a group.
  const groups = await readCordonGroups(ec2);
  const ids = groups.filter(({ name }) => isTransitionGroupName(name)).map(({ id }) => id);
  const users = await readUsersOf(ec2, ids);
  if (users.length === 0) return [];
  const own = await readOwnAccount(ec2);
  return users.filter(({ ownerId }) => own === undefined || ownerId === own);
};

/** The id of an instance's open case: by its trail, or because it is in a group of Cordon's. */
export const readOpenCaseId = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<string | undefined> => {
  const [instance] = await readInstancesBy(ec2, { Name: 'instance-id', Values: [instanceId] });
  const tagOf = (key: string) => instance?.Tags?.find(({ Key }) => Key === key)?.Value;
  const isolated = instance?.NetworkInterfaces?.some(({ Groups = [] }) =>
    Groups.some(({ GroupName = '' }) => isCordonGroupName(GroupName)),
  );
  if (isolated !== true && !openStatuses.includes(tagOf(statusTag) ?? '')) return undefined;
  const tagged = tagOf(caseTag) ?? '';
  return isCaseIdOf(tagged, instanceId) ? tagged : 'unknown';
};
