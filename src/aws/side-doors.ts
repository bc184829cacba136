import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  GetSerialConsoleAccessStatusCommand,
  paginateDescribeInstanceConnectEndpoints,
} from '@aws-sdk/client-ec2';
import type { Ec2Reader } from './readers/reader.ts';
import { vpcEndpointPermissions } from './vpc-endpoints.ts';

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

/** The ids of the EC2 Instance Connect endpoints of these VPCs. */
export const readConnectEndpoints = async (
  ec2: EC2Client,
  vpcIds: readonly string[],
): Promise<readonly string[]> => {
  const ids: string[] = [];
  const pages = paginateDescribeInstanceConnectEndpoints(
    { client: ec2, pageSize: endpointsPerPage },
    { Filters: [{ Name: 'vpc-id', Values: [...vpcIds] }] },
  );
  for await (const { InstanceConnectEndpoints = [] } of pages) {
    ids.push(...InstanceConnectEndpoints.map((one) => one.InstanceConnectEndpointId ?? ''));
  }
  return ids;
};

/** Whether the account lets anybody to the serial consoles of its instances. */
export const readSerialConsole = async (ec2: EC2Client): Promise<boolean> => {
  const answer = await ec2.send(new GetSerialConsoleAccessStatusCommand({}));
  return answer.SerialConsoleAccessEnabled ?? false;
};

/** Reads the side doors of these VPCs, in one round trip; what cannot be read is named. */
export const readSideDoors = async (
  ec2: Ec2Reader,
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
    orUnread('VPC endpoints', ec2.vpcEndpoints(vpcIds), []),
    orUnread('EC2 Instance Connect endpoints', ec2.connectEndpoints(vpcIds), []),
    orUnread('the serial console setting', ec2.serialConsole(), false),
  ]);
  return {
    systemsManager: endpoints
      .filter((one) => messageChannel.test(one.serviceName))
      .map((one) => one.id),
    instanceConnect: connect,
    serialConsole: serial,
    unread,
  };
};
