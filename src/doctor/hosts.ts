import type { EC2Client } from '@aws-sdk/client-ec2';
import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { itemsPerPage } from '../aws/pages.ts';

/** Where an instance is. */
export interface Host {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly privateAddresses: readonly string[];
}

/** Every instance of the Region that is in a VPC and has not gone. */
export const readHosts = async (ec2: EC2Client): Promise<readonly Host[]> => {
  const hosts: Host[] = [];
  const pages = paginateDescribeInstances(
    { client: ec2, pageSize: itemsPerPage },
    {
      Filters: [
        { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
      ],
    },
  );
  for await (const { Reservations = [] } of pages) {
    for (const { VpcId, SubnetId, PrivateIpAddress } of Reservations.flatMap(
      ({ Instances = [] }) => Instances,
    )) {
      if (VpcId === undefined || SubnetId === undefined) continue;
      const privateAddresses = PrivateIpAddress === undefined ? [] : [PrivateIpAddress];
      hosts.push({ vpcId: VpcId, subnetId: SubnetId, privateAddresses });
    }
  }
  return hosts;
};

/** The VPCs of these instances, each once. */
export const vpcsOf = (hosts: readonly Host[]): readonly string[] => [
  ...new Set(hosts.map(({ vpcId }) => vpcId)),
];
