import { DescribeSecurityGroupsCommand, DescribeVpcEndpointsCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { deploy } from '../../deploy/deploy.ts';
import { ensurePython } from '../../moto/python.ts';
import { useEmulator } from '../fixture.ts';
import { createNetwork } from '../world.ts';

const aws = useEmulator();

const policy = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };

const deployWays = async (egress: object) => {
  const { vpcId, subnetId } = await createNetwork(aws.ec2, { ipv6: false });
  const template = {
    Resources: {
      Group: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: { GroupDescription: 'ways', VpcId: vpcId, ...egress },
      },
      Way: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          VpcId: vpcId,
          VpcEndpointType: 'Interface',
          ServiceName: 'com.amazonaws.us-east-1.ssm',
          SubnetIds: [subnetId],
          SecurityGroupIds: [{ Ref: 'Group' }],
          PrivateDnsEnabled: true,
          PolicyDocument: policy,
        },
      },
    },
  };
  const options = { template, definitionOf: () => '', stackName: 'ways', parameters: {} };
  const { physicalIds } = await deploy(aws.emulator, await ensurePython(), options);
  const { SecurityGroups = [] } = await aws.ec2.send(
    new DescribeSecurityGroupsCommand({ GroupIds: [physicalIds.Group ?? ''] }),
  );
  const { VpcEndpoints = [] } = await aws.ec2.send(
    new DescribeVpcEndpointsCommand({ VpcEndpointIds: [physicalIds.Way ?? ''] }),
  );
  return { egress: SecurityGroups[0]?.IpPermissionsEgress, endpoint: VpcEndpoints[0] };
};

test('an endpoint of a template shows its policy as JSON, and its private DNS', async () => {
  const { endpoint } = await deployWays({});
  expect(JSON.parse(endpoint?.PolicyDocument ?? '')).toEqual(policy);
  expect(endpoint?.PrivateDnsEnabled).toBe(true);
});

test('a group of a template has the ways out that the template names, and no other', async () => {
  const SecurityGroupEgress = [
    { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '192.0.2.0/24' },
  ];
  const { egress } = await deployWays({ SecurityGroupEgress });
  expect(egress).toMatchObject([
    { IpProtocol: 'tcp', FromPort: 443, IpRanges: [{ CidrIp: '192.0.2.0/24' }] },
  ]);
});

test('a group of a template that names no way out lets everything out', async () => {
  const { egress } = await deployWays({});
  expect(egress).toMatchObject([{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]);
});
