import type { EC2Client } from '@aws-sdk/client-ec2';
import { readRouteTables } from '../routes.ts';
import { readTrackedNeighbours } from '../tracked-neighbours.ts';
import { readVpcEndpoints } from '../vpc-endpoints.ts';
import type { NetworkReader } from './reader.ts';

/** Asks EC2 each time; apart, because the functions before the cut need nothing else of a reader. */
export const liveNetworkReader = (ec2: EC2Client): NetworkReader => ({
  routeTables: (vpcIds) => readRouteTables(ec2, vpcIds),
  vpcEndpoints: (vpcIds) => readVpcEndpoints(ec2, vpcIds),
  neighbours: (vpcIds) => readTrackedNeighbours(ec2, vpcIds),
});
