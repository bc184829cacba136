import type { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { wholeList } from './pages.ts';

/**
 * The Regions that are enabled for the account, in the partition of its credentials; those that are
 * not cannot be asked anything
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html).
 */
export const readRegions = async (ec2: EC2Client): Promise<readonly string[]> => {
  const { Regions } = await ec2.send(new DescribeRegionsCommand({}));
  return wholeList(Regions, 'Regions')
    .flatMap(({ RegionName }) => RegionName ?? [])
    .toSorted();
};
