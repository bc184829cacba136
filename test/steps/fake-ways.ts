import {
  DescribeInstanceConnectEndpointsCommand,
  DescribeRouteTablesCommand,
  DescribeVpcEndpointsCommand,
  GetSerialConsoleAccessStatusCommand,
} from '@aws-sdk/client-ec2';
import type { FakeAws } from './fake-aws.ts';

const toRoute = (target: string) =>
  target.startsWith('nat-') ? { NatGatewayId: target } : { GatewayId: target };

/** The ways out of each VPC (one main table), and no side door: tests open one. */
export const prepareWays = (
  { ec2 }: FakeAws,
  vpcIds: ReadonlySet<string>,
  defaultRoute: string,
): void => {
  ec2.on(DescribeRouteTablesCommand).resolves({
    RouteTables: [...vpcIds].map((vpcId) => ({
      RouteTableId: `rtb-${vpcId}`,
      VpcId: vpcId,
      Associations: [{ Main: true }],
      Routes: [
        { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
        { DestinationCidrBlock: '0.0.0.0/0', ...toRoute(defaultRoute), State: 'active' },
        { DestinationIpv6CidrBlock: '::/0', ...toRoute('igw-1'), State: 'active' },
      ],
    })),
  });
  ec2.on(DescribeVpcEndpointsCommand).resolves({ VpcEndpoints: [] });
  ec2.on(DescribeInstanceConnectEndpointsCommand).resolves({ InstanceConnectEndpoints: [] });
  ec2.on(GetSerialConsoleAccessStatusCommand).resolves({ SerialConsoleAccessEnabled: false });
};
