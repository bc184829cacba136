import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Instance,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';

/** A VPC with one subnet, with IPv6 where wanted. */
export const createNetwork = async (ec2: EC2Client, { ipv6 = false } = {}) => {
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: ipv6 }),
  );
  const vpcId = Vpc?.VpcId ?? '';
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }));
  const block = Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock;
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({
      VpcId: vpcId,
      CidrBlock: '10.0.1.0/24',
      ...(block === undefined ? {} : { Ipv6CidrBlock: block.replace('/56', '/64') }),
    }),
  );
  return { vpcId, subnetId: Subnet?.SubnetId ?? '' };
};

export const createGroup = async (ec2: EC2Client, vpcId: string, name: string) => {
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: name, Description: name, VpcId: vpcId }),
  );
  return GroupId ?? '';
};

/** Launches one instance; gives it as launched. */
export const launch = async (
  ec2: EC2Client,
  input: Partial<RunInstancesCommandInput>,
): Promise<Instance & { InstanceId: string }> => {
  const { Instances } = await ec2.send(
    new RunInstancesCommand({ ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1, ...input }),
  );
  const instance = Instances?.[0];
  return { ...instance, InstanceId: instance?.InstanceId ?? '' };
};

export const describeInstance = async (ec2: EC2Client, instanceId: string): Promise<Instance> => {
  const { Reservations } = await ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
  );
  return Reservations?.[0]?.Instances?.[0] ?? {};
};

export const groupIds = (holder: { Groups?: { GroupId?: string | undefined }[] | undefined }) =>
  holder.Groups?.map(({ GroupId }) => GroupId);
