import type { CreateRouteCommandInput } from '@aws-sdk/client-ec2';
import {
  AllocateAddressCommand,
  AssociateTrunkInterfaceCommand,
  AttachNetworkInterfaceCommand,
  CreateEgressOnlyInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateTagsCommand,
  CreateTransitGatewayCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  CreateVpcPeeringConnectionCommand,
  CreateVpnGatewayCommand,
  DeleteNetworkInterfaceCommand,
  DeleteRouteCommand,
  DeleteTagsCommand,
  DeleteVpcEndpointsCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
} from '@aws-sdk/client-ec2';
import { beforeAll, describe, expect, it } from 'vitest';
import { controlOf } from '../../src/case/control.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';

const scenes = useScene();

/** A path that AWS tracks on its own: made, and taken away again. */
interface Path {
  readonly name: string;
  readonly risk: string;
  open(scene: Scene): Promise<() => Promise<unknown>>;
}

const routeTableOf = async ({ clients, world }: Scene): Promise<string> => {
  const { RouteTables = [] } = await clients.ec2.send(
    new DescribeRouteTablesCommand({
      Filters: [{ Name: 'association.subnet-id', Values: [world.subnetIds[0]] }],
    }),
  );
  return RouteTables[0]?.RouteTableId ?? '';
};

type Target = Omit<CreateRouteCommandInput, 'RouteTableId'>;

const route = (name: string, risk: string, target: (scene: Scene) => Promise<Target>): Path => ({
  name,
  risk,
  open: async (scene) => {
    const { ec2 } = scene.clients;
    const RouteTableId = await routeTableOf(scene);
    const wanted = await target(scene);
    await ec2.send(new CreateRouteCommand({ RouteTableId, ...wanted }));
    const { DestinationCidrBlock, DestinationIpv6CidrBlock } = wanted;
    const gone = { RouteTableId, DestinationCidrBlock, DestinationIpv6CidrBlock };
    return () => ec2.send(new DeleteRouteCommand(gone));
  },
});

const endpoint = (name: string, risk: string, service: string, type: 'Gateway' | 'Interface') => ({
  name,
  risk,
  open: async (scene: Scene) => {
    const { ec2 } = scene.clients;
    const { VpcEndpoint } = await ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: scene.world.vpcId,
        VpcEndpointType: type,
        ServiceName: `com.amazonaws.us-east-1.${service}`,
        ...(type === 'Interface'
          ? { SubnetIds: [scene.world.subnetIds[0]] }
          : { RouteTableIds: [await routeTableOf(scene)] }),
      }),
    );
    const VpcEndpointIds = [VpcEndpoint?.VpcEndpointId ?? ''];
    return () => ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds }));
  },
});

const neighbour = (name: string, risk: string, kind: string): Path => ({
  name,
  risk,
  open: async ({ clients: { ec2 }, world }) => {
    const { NetworkInterface } = await ec2.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: world.subnetIds[1],
        Description: `requester-managed ${kind}`,
      }),
    );
    const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId;
    return () => ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  },
});

const elsewhere = { DestinationCidrBlock: '100.64.0.0/10' };

const firewall: Path = {
  name: 'an automated internet firewall at the internet gateway',
  risk: 'internet-firewall-tracked-flows',
  open: async ({ clients: { ec2 }, world }) => {
    const { InternetGateways = [] } = await ec2.send(
      new DescribeInternetGatewaysCommand({
        Filters: [{ Name: 'attachment.vpc-id', Values: [world.vpcId] }],
      }),
    );
    const Resources = InternetGateways.map(({ InternetGatewayId = '' }) => InternetGatewayId);
    const Tags = [{ Key: 'emulator:internet-firewall', Value: 'inspection' }];
    await ec2.send(new CreateTagsCommand({ Resources, Tags }));
    return () => ec2.send(new DeleteTagsCommand({ Resources, Tags }));
  },
};

const paths: readonly Path[] = [
  route('a NAT gateway for a part of the world', 'nat-tracked-flows', async (scene) => {
    const { ec2 } = scene.clients;
    const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
    const { NatGateway } = await ec2.send(
      new CreateNatGatewayCommand({ SubnetId: scene.world.subnetIds[1], AllocationId }),
    );
    return { ...elsewhere, NatGatewayId: NatGateway?.NatGatewayId };
  }),
  route('a firewall endpoint', 'endpoint-tracked-flows', async ({ clients: { ec2 }, world }) => {
    const { VpcEndpoint } = await ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: world.vpcId,
        VpcEndpointType: 'GatewayLoadBalancer',
        ServiceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0',
        SubnetIds: [world.subnetIds[1]],
      }),
    );
    return { ...elsewhere, VpcEndpointId: VpcEndpoint?.VpcEndpointId };
  }),
  route(
    'an egress-only internet gateway',
    'egress-only-gateway-tracked-flows',
    async ({ clients: { ec2 }, world }) => {
      const { EgressOnlyInternetGateway: gateway } = await ec2.send(
        new CreateEgressOnlyInternetGatewayCommand({ VpcId: world.vpcId }),
      );
      const EgressOnlyInternetGatewayId = gateway?.EgressOnlyInternetGatewayId;
      return { DestinationIpv6CidrBlock: '2001:db8::/32', EgressOnlyInternetGatewayId };
    },
  ),
  route('a transit gateway', 'transit-gateway-tracked-flows', async ({ clients: { ec2 } }) => {
    const { TransitGateway } = await ec2.send(new CreateTransitGatewayCommand({}));
    return { ...elsewhere, TransitGatewayId: TransitGateway?.TransitGatewayId };
  }),
  route('a VPN', 'virtual-private-gateway-tracked-flows', async ({ clients: { ec2 } }) => {
    const { VpnGateway } = await ec2.send(new CreateVpnGatewayCommand({ Type: 'ipsec.1' }));
    return { ...elsewhere, GatewayId: VpnGateway?.VpnGatewayId };
  }),
  route('a core network', 'core-network-tracked-flows', async () => ({
    ...elsewhere,
    CoreNetworkArn: 'arn:aws:networkmanager::123456789012:core-network/core-network-0a1b',
  })),
  route('a peered VPC', 'peering-endpoints-unread', async ({ clients: { ec2 }, world }) => {
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.99.0.0/16' }));
    const { VpcPeeringConnection: peering } = await ec2.send(
      new CreateVpcPeeringConnectionCommand({ VpcId: world.vpcId, PeerVpcId: Vpc?.VpcId }),
    );
    return { ...elsewhere, VpcPeeringConnectionId: peering?.VpcPeeringConnectionId };
  }),
  endpoint('an endpoint for S3', 'interface-endpoint-tracked-flows', 's3', 'Interface'),
  endpoint('DynamoDB', 'dynamodb-endpoint-tracked-flows', 'dynamodb', 'Gateway'),
  neighbour(
    'a Network Load Balancer',
    'network-load-balancer-tracked-flows',
    'network_load_balancer',
  ),
  neighbour('Global Accelerator', 'global-accelerator-tracked-flows', 'global_accelerator_managed'),
  neighbour('a Lambda function', 'lambda-tracked-flows', 'lambda'),
  firewall,
];

describe('Connections that were open', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await scenes.open();
    await scene.contain();
  });

  it('are cut where no way of the host is tracked: an internet gateway and S3 by a gateway', async () => {
    const { open } = endpoint('S3', '', 's3', 'Gateway');
    const close = await open(scene);
    expect(await scene.verify()).toMatchObject({ status: 'contained', cut: 'complete' });
    await close();
  });

  // fault C1
  // fault C2
  it.each(paths)('may live on through $name', async ({ open, risk }) => {
    const close = await open(scene);
    const report = await scene.verify();
    await close();
    expect(report).toMatchObject({ status: 'partial', cut: 'new-flows-only' });
    expect(report.residualRisks.map((one) => one.risk)).toContain(risk);
    expect(await scene.verify()).toMatchObject({ status: 'contained', cut: 'complete' });
  });
});

describe('The first report of a containment', () => {
  // fault C1
  it('does not say that an open Session Manager session was cut', async () => {
    const scene = await scenes.open();
    await endpoint('SSM', '', 'ssmmessages', 'Interface').open(scene);
    const report = await scene.contain();
    expect(report).toMatchObject({ status: 'partial', cut: 'new-flows-only' });
    expect(scene.subjects().join()).not.toContain('CONTAINED i-');
  });
});

describe('A host with a trunk interface', () => {
  const withBranch = async () => {
    const scene = await scenes.open();
    const { ec2 } = scene.clients;
    const SubnetId = scene.world.subnetIds[0];
    const make = async (InterfaceType: 'trunk' | 'branch') => {
      const Groups = [scene.world.webGroupId];
      const made = await ec2.send(
        new CreateNetworkInterfaceCommand({ SubnetId, InterfaceType, Groups }),
      );
      return made.NetworkInterface?.NetworkInterfaceId ?? '';
    };
    const trunk = await make('trunk');
    const branch = await make('branch');
    const InstanceId = scene.world.suspectId;
    await ec2.send(
      new AttachNetworkInterfaceCommand({ InstanceId, NetworkInterfaceId: trunk, DeviceIndex: 5 }),
    );
    await ec2.send(
      new AssociateTrunkInterfaceCommand({
        BranchInterfaceId: branch,
        TrunkInterfaceId: trunk,
        VlanId: 1,
      }),
    );
    return { scene, branch };
  };

  const groupsOf = (report: CaseReport) => controlOf(report.proof, 'eni-groups');

  // fault C4
  it('has the interfaces of its pods moved with its own, and printed in the undo', async () => {
    const { scene, branch } = await withBranch();
    const report = await scene.contain();
    expect(report).toMatchObject({ status: 'partial', cut: 'new-flows-only' });
    expect(groupsOf(report)).toMatchObject({
      holds: true,
      observed: expect.stringContaining(branch),
    });
    expect(report.residualRisks.map(({ risk }) => risk)).toContain('branch-interfaces');
    expect(report.undo).toContain(
      `--network-interface-id ${branch} --groups ${scene.world.webGroupId}`,
    );
  });

  // fault C4
  it('is isolated, and not called so, where AWS keeps a pod’s interface to itself', async () => {
    const { scene, branch } = await withBranch();
    scene.emulator.traffic.inject({
      service: 'ec2',
      action: 'ModifyNetworkInterfaceAttribute',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
      matches: (params) =>
        params instanceof URLSearchParams && params.get('NetworkInterfaceId') === branch,
    });
    const report = await scene.contain();
    expect(report.status).toBe('partial');
    expect(groupsOf(report)).toMatchObject({ holds: 'unknown' });
    expect(groupsOf(report)?.observed).toContain(`${branch} in ${scene.world.webGroupId}`);
  });

  // fault C4
  it('is not called isolated while nobody can say which pods it carries', async () => {
    const { scene } = await withBranch();
    scene.emulator.traffic.inject({
      service: 'ec2',
      action: 'DescribeTrunkInterfaceAssociations',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    const report = await scene.contain();
    expect(report.status).toBe('partial');
    expect(groupsOf(report)).toMatchObject({
      holds: 'unknown',
      observed: expect.stringContaining('could not be read'),
    });
  });
});
