import { readCordonGroups, securityGroupPermissions } from '../../aws/security-groups.ts';
import { readVpcEndpoints, vpcEndpointPermissions } from '../../aws/vpc-endpoints.ts';
import type { FoundVpc } from '../../aws/vpcs.ts';
import { readVpcs } from '../../aws/vpcs.ts';
import { systemsManagerGroups } from '../../case/forensic-access.ts';
import type { SecurityGroup } from '../../case/security-group.ts';
import { allowancesOf } from '../../settings/settings.ts';
import type { Check } from '../check.ts';
import { ok, warn } from '../check.ts';
import type { Examination } from '../examination.ts';
import { vpcsOf } from '../hosts.ts';
import { missingGroups } from '../ready-groups.ts';

/** VPCs that are named; of more, only how many there are. */
const mostNamed = 3;

interface Unready {
  readonly vpcId: string;
  readonly missing: readonly string[];
}

/** The VPCs with instances whose groups are not ready, each with what it lacks. */
export const readUnready = async (
  examination: Examination,
): Promise<{ readonly vpcs: number; readonly unready: readonly Unready[] }> => {
  const { clients, stack, hosts } = examination;
  const [{ settings }, all] = await Promise.all([stack, hosts]);
  const vpcIds = vpcsOf(all);
  const forensic = settings.isolationProfile === 'forensic';
  const [vpcs, groups, endpoints] = await Promise.all([
    readVpcs(clients.ec2),
    readCordonGroups(clients.ec2),
    forensic ? readVpcEndpoints(clients.ec2, vpcIds) : [],
  ]);
  const lacks = (vpc: FoundVpc, known: readonly SecurityGroup[]): readonly string[] => {
    const access = {
      ...allowancesOf(settings).access,
      systemsManagerGroupIds: systemsManagerGroups(endpoints, vpc.id),
    };
    return missingGroups(vpc, known, settings, access);
  };
  const concerned = vpcs.filter(({ id }) => vpcIds.includes(id));
  return {
    vpcs: concerned.length,
    unready: concerned
      .map((vpc) => ({ vpcId: vpc.id, missing: lacks(vpc, groups) }))
      .filter(({ missing }) => missing.length > 0),
  };
};

/** Whether each VPC that has instances has the groups that a cut takes. */
export const groups: Check = {
  name: 'groups',
  permissions: ['ec2:DescribeVpcs', ...securityGroupPermissions, ...vpcEndpointPermissions],
  look: async (examination) => {
    const { vpcs, unready } = await readUnready(examination);
    if (unready.length === 0) {
      return ok(`ready in ${vpcs} of ${vpcs} ${vpcs === 1 ? 'VPC' : 'VPCs'} with instances`);
    }
    const named = unready
      .slice(0, mostNamed)
      .map(({ vpcId, missing }) => `${missing.join(' and ')} of ${vpcId}`);
    const more = unready.length > mostNamed ? `, and ${unready.length - mostNamed} more VPCs` : '';
    return warn(
      `not ready: ${named.join(', ')}${more}: a cut there has to make them first`,
      `cordon prepare --region ${examination.region}`,
    );
  },
};
