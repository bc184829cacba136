import type { EC2Client } from '@aws-sdk/client-ec2';
import { paginateDescribeSecurityGroups } from '@aws-sdk/client-ec2';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
} from '@aws-sdk/client-service-quotas';
import { codeOf } from '../../aws/errors.ts';
import { itemsPerPage } from '../../aws/pages.ts';
import { securityGroupPermissions } from '../../aws/security-groups.ts';
import type { Check } from '../check.ts';
import { fail, ok, warn } from '../check.ts';
import { readUnready } from './groups.ts';

/** Security groups of a Region (https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html). */
const groupsPerRegion = { ServiceCode: 'vpc', QuotaCode: 'L-E79EC296' } as const;

/** Fewer than this are soon used up: a VPC takes two or three. */
const few = 6;

/** A quota that nobody has changed may have no value of its own. */
const readQuota = async (client: ServiceQuotasClient): Promise<number | undefined> => {
  try {
    const { Quota } = await client.send(new GetServiceQuotaCommand(groupsPerRegion));
    return Quota?.Value;
  } catch (error) {
    if (codeOf(error) !== 'NoSuchResourceException') throw error;
    const { Quota } = await client.send(new GetAWSDefaultServiceQuotaCommand(groupsPerRegion));
    return Quota?.Value;
  }
};

const countGroups = async (client: EC2Client): Promise<number> => {
  let count = 0;
  const pages = paginateDescribeSecurityGroups({ client, pageSize: itemsPerPage }, {});
  for await (const { SecurityGroups = [] } of pages) count += SecurityGroups.length;
  return count;
};

/** Whether the groups that a cut may have to make find room. */
export const quota: Check = {
  name: 'quota',
  permissions: [
    'servicequotas:GetServiceQuota',
    'servicequotas:GetAWSDefaultServiceQuota',
    ...securityGroupPermissions,
  ],
  look: async (examination) => {
    const { clients } = examination;
    const [most, used] = await Promise.all([
      readQuota(clients.serviceQuotas),
      countGroups(clients.ec2),
    ]);
    const remedy = 'raise the quota "VPC security groups per Region" (L-E79EC296)';
    if (most === undefined) return warn('not checked: AWS told no quota of groups', remedy);
    const left = Math.max(0, most - used);
    const says = `room for ${left} more security groups (${used} of ${most})`;
    if (left >= few) return ok(says);
    const { unready } = await readUnready(examination);
    const wanted = unready.reduce((all, { missing }) => all + missing.length, 0);
    return wanted > left
      ? fail(`${says}, and ${wanted} are still to be made: a cut there would fail`, remedy)
      : warn(`${says}: a new VPC finds none`, remedy);
  },
};
