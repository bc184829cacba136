import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { WorldClients } from './world-clients.ts';

export interface AccountSize {
  readonly instances: number;
  readonly groups: number;
}

/** RunInstances gives so many at once at most; more are asked for again. */
const instancesPerCall = 250;

/** Fills the account with servers and groups that no case is about, in a VPC of their own. */
export const fillAccount = async (
  { ec2 }: WorldClients,
  { instances, groups }: AccountSize,
): Promise<void> => {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.64.0.0/16' }));
  const VpcId = Vpc?.VpcId;
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.64.0.0/18' }));
  for (let index = 0; index < groups; index += 1) {
    await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: `other-${index}`,
        Description: 'of somebody else',
        VpcId,
      }),
    );
  }
  for (let left = instances; left > 0; left -= instancesPerCall) {
    const count = Math.min(left, instancesPerCall);
    await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12c6146b',
        MinCount: count,
        MaxCount: count,
        SubnetId: Subnet?.SubnetId,
      }),
    );
  }
};
