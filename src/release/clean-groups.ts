import { DeleteSecurityGroupCommand } from '@aws-sdk/client-ec2';
import type { Deps } from '../aws/clients.ts';
import { codeOf, inWords } from '../aws/errors.ts';
import { readUsersOf } from '../aws/group-users.ts';
import { readCordonGroups } from '../aws/security-groups.ts';
import type { Instance } from '../case/before.ts';
import { isolationGroupKind } from '../case/isolation-group.ts';
import type { SecurityGroup } from '../case/security-group.ts';
import type { Change } from '../engine/change.ts';
import { send } from '../engine/send.ts';

/** What became of the groups of Cordon's in the VPCs of an instance. */
export interface CleanedGroups {
  readonly deleted: readonly string[];
  /** Each with the reason, in words. */
  readonly kept: readonly string[];
}

const nameOf = ({ name, id, vpcId }: SecurityGroup): string => `${name} (${id}, ${vpcId})`;

/** A clone of one group, which nothing prepares: the others are kept ready for the next case. */
const isClone = ({ name }: SecurityGroup): boolean =>
  isolationGroupKind(name)?.kind === 'egress-lockdown';

/** The group went meanwhile. */
const meaning = (error: unknown): 'already' | undefined =>
  codeOf(error) === 'InvalidGroup.NotFound' ? 'already' : undefined;

const deletion = ({ clients }: Deps<'ec2'>, group: SecurityGroup): Change => ({
  call: 'ec2:DeleteSecurityGroup',
  resource: group.id,
  before: group.name,
  after: 'no group',
  meaning,
  send: (dryRun) =>
    clients.ec2.send(
      new DeleteSecurityGroupCommand({ GroupId: group.id, ...(dryRun ? { DryRun: true } : {}) }),
    ),
});

/**
 * Deletes the groups of Cordon's that nothing uses, in the VPCs of an instance that was given back. A
 * group is known by its name, its VPC and its owner. AWS refuses to delete one that an interface, or a
 * rule of another group, still names
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html).
 *
 * @param ready true where a stack keeps, or may keep, the shared groups of every VPC ready: these stay.
 * @throws what EC2 answers when the groups cannot be read.
 */
export const cleanGroups = async (
  deps: Deps<'ec2'>,
  { accountId, networkInterfaces }: Instance,
  caseId: string,
  ready: boolean,
): Promise<CleanedGroups> => {
  const { ec2 } = deps.clients;
  const vpcIds = new Set(networkInterfaces.map(({ vpcId }) => vpcId));
  const groups = (await readCordonGroups(ec2)).filter(
    ({ vpcId, ownerId }) => vpcIds.has(vpcId) && ownerId === accountId,
  );
  const users =
    groups.length === 0
      ? []
      : await readUsersOf(
          ec2,
          groups.map(({ id }) => id),
        );
  const deleted: string[] = [];
  const kept: string[] = [];
  await Promise.all(
    groups.map(async (group) => {
      const user = users.find(({ groupIds }) => groupIds.includes(group.id));
      if (user !== undefined) {
        kept.push(`${nameOf(group)}: ${user.interfaceId} has it`);
      } else if (ready && !isClone(group)) {
        kept.push(`${nameOf(group)}: a stack keeps it ready for the next case, as far as is known`);
      } else {
        const { outcome, error } = await send(deps, caseId, deletion(deps, group));
        if (outcome === 'failed') kept.push(`${nameOf(group)}: ${inWords(error)}`);
        else deleted.push(nameOf(group));
      }
    }),
  );
  return { deleted: deleted.toSorted(), kept: kept.toSorted() };
};
