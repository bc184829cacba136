import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  type Ec2InstanceConnectEndpoint,
  GetSerialConsoleAccessStatusCommand,
  paginateDescribeInstanceConnectEndpoints,
} from '@aws-sdk/client-ec2';
import { readVpcEndpoints, vpcEndpointPermissions } from './vpc-endpoints.ts';

export const sideDoorPermissions = [
  ...vpcEndpointPermissions,
  'ec2:DescribeInstanceConnectEndpoints',
  'ec2:GetSerialConsoleAccessStatus',
] as const;

/** Ways to the host that do not go through its interfaces' rules alone. */
export interface SideDoors {
  /** Interface endpoints of Systems Manager's message channel in the VPCs. */
  readonly systemsManager: readonly string[];
  /** EC2 Instance Connect endpoints in the VPCs. */
  readonly instanceConnect: readonly string[];
  readonly serialConsole: boolean;
  /** What could not be read, in words. */
  readonly unread: readonly string[];
}

const messageChannel = /\.(?:ssmmessages|ec2messages|ssm)$/;

/** The largest page of DescribeInstanceConnectEndpoints. */
const endpointsPerPage = 50;

const readConnectEndpoints = async (
  ec2: EC2Client,
  vpcIds: readonly string[],
): Promise<readonly Ec2InstanceConnectEndpoint[]> => {
  const endpoints: Ec2InstanceConnectEndpoint[] = [];
  const pages = paginateDescribeInstanceConnectEndpoints(
    { client: ec2, pageSize: endpointsPerPage },
    { Filters: [{ Name: 'vpc-id', Values: [...vpcIds] }] },
  );
  for await (const page of pages) endpoints.push(...(page.InstanceConnectEndpoints ?? []));
  return endpoints;
};

/** Reads the side doors of these VPCs, in one round trip; what cannot be read is named. */
export const readSideDoors = async (
  ec2: EC2Client,
  vpcIds: readonly string[],
): Promise<SideDoors> => {
  const unread: string[] = [];
  const orUnread = async <Value>(what: string, reading: Promise<Value>, otherwise: Value) => {
    try {
      return await reading;
    } catch {
      unread.push(what);
      return otherwise;
    }
  };
  const [endpoints, connect, serial] = await Promise.all([
    orUnread('VPC endpoints', readVpcEndpoints(ec2, vpcIds), []),
    orUnread('EC2 Instance Connect endpoints', readConnectEndpoints(ec2, vpcIds), []),
    orUnread(
      'the serial console setting',
      ec2
        .send(new GetSerialConsoleAccessStatusCommand({}))
        .then(({ SerialConsoleAccessEnabled = false }) => SerialConsoleAccessEnabled),
      false,
    ),
  ]);
  return {
    systemsManager: endpoints
      .filter((one) => messageChannel.test(one.serviceName))
      .map((one) => one.id),
    instanceConnect: connect.map((one) => one.InstanceConnectEndpointId ?? ''),
    serialConsole: serial,
    unread,
  };
};
