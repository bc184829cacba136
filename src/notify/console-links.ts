import type { Partition } from '../case/partition.ts';
import { partitionOf } from '../case/partition.ts';

/**
 * The domains of the AWS Management Console
 * (https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html,
 * https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-arns.html,
 * https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/signing-into-govcloud.html,
 * https://docs.aws.eu/general/latest/gr/endpoints.html). Those of the isolated partitions are in no
 * public page: they are the domains that the SDKs of AWS know for signing in.
 */
export const consoles: Readonly<Record<Partition, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
  'aws-iso': 'console.c2shome.ic.gov',
  'aws-iso-b': 'console.sc2shome.sgov.gov',
  'aws-iso-e': 'console.csphome.adc-e.uk',
  'aws-iso-f': 'console.csphome.hci.ic.gov',
};

/** The instance in the EC2 console; in words for a Region of no partition known: no wrong link. */
export const instanceLink = (region: string, instanceId: string): string => {
  const partition = partitionOf(region);
  return partition === undefined
    ? `the EC2 console: Instances, ${instanceId}`
    : `https://${region}.${consoles[partition]}/ec2/home?region=${region}#InstanceDetails:instanceId=${instanceId}`;
};

/** An object in the S3 console; undefined for a Region of no partition known. */
export const objectLink = (region: string, bucket: string, key: string): string | undefined => {
  const partition = partitionOf(region);
  return partition === undefined
    ? undefined
    : `https://${region}.${consoles[partition]}/s3/object/${bucket}?region=${region}&prefix=${encodeURIComponent(key)}`;
};
