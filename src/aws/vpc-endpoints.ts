import type { EC2Client } from '@aws-sdk/client-ec2';
import { paginateDescribeVpcEndpoints } from '@aws-sdk/client-ec2';
import { defined } from '../case/defined.ts';
import type { VpcEndpoint } from '../case/forensic-access.ts';
import { itemsPerPage } from './pages.ts';

export const vpcEndpointPermissions = ['ec2:DescribeVpcEndpoints'] as const;

/** The endpoints of these VPCs that are in use. */
export const readVpcEndpoints = async (
  ec2: EC2Client,
  vpcIds: readonly string[],
): Promise<readonly VpcEndpoint[]> => {
  if (vpcIds.length === 0) return [];
  const endpoints: VpcEndpoint[] = [];
  const pages = paginateDescribeVpcEndpoints(
    { client: ec2, pageSize: itemsPerPage },
    { Filters: [{ Name: 'vpc-id', Values: [...vpcIds] }] },
  );
  for await (const page of pages) {
    for (const one of page.VpcEndpoints ?? []) {
      const type = one.VpcEndpointType?.toLowerCase() ?? '';
      if (one.State !== undefined && one.State.toLowerCase() !== 'available') continue;
      endpoints.push({
        id: one.VpcEndpointId ?? '',
        vpcId: one.VpcId ?? '',
        serviceName: one.ServiceName ?? '',
        type,
        groupIds: (one.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
        ...defined({ privateDns: one.PrivateDnsEnabled, policy: one.PolicyDocument }),
      });
    }
  }
  return endpoints;
};
