import { partitionOf } from '../case/partition.ts';

const domains: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

const base = (region: string): string =>
  `https://${region}.${domains[partitionOf(region)] ?? domains.aws}`;

/** The instance in the EC2 console of its partition. */
export const instanceLink = (region: string, instanceId: string): string =>
  `${base(region)}/ec2/home?region=${region}#InstanceDetails:instanceId=${instanceId}`;

/** The snapshots of the case in the EC2 console. */
export const snapshotsLink = (region: string, instanceId: string): string =>
  `${base(region)}/ec2/home?region=${region}#Snapshots:tag:cordon:instance=${instanceId}`;
