import {
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { deregisterLoadBalancers } from '../../src/steps/deregister-load-balancers.ts';
import { describe as describeStep } from '../../src/steps/describe.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import { FakeLoadBalancing } from './fake-load-balancing.ts';
import { accountId, firstInterface, instanceId, region, vpcId } from './sample-instance.ts';

it('a pod is taken out whose address comes from a prefix of the interface (EKS)', async () => {
  const aws = fakeAws();
  new FakeEc2(aws);
  const balancing = new FakeLoadBalancing(aws, {
    groups: [
      {
        name: 'pods',
        type: 'ip',
        targets: [
          { id: '10.0.8.21', port: 8080 },
          { id: '10.0.8.99', port: 8080 },
        ],
      },
    ],
  });
  aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({ AutoScalingInstances: [] });
  aws.autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
  const node = {
    InstanceId: instanceId,
    State: { Name: 'running' as const },
    NetworkInterfaces: [
      {
        NetworkInterfaceId: firstInterface,
        VpcId: vpcId,
        PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.10' }],
        Ipv4Prefixes: [{ Ipv4Prefix: '10.0.8.16/28' }],
      },
    ],
  };
  aws.ec2
    .on(DescribeInstancesCommand)
    .resolves({ Reservations: [{ OwnerId: accountId, Instances: [node] }] });
  const { detail } = await describeStep(aws.deps, { instanceId, region });
  await deregisterLoadBalancers(aws.deps, detail);
  expect(balancing.registered).toEqual(['pods 10.0.8.99:8080']);
});
