import { readRouteTables, routePermissions } from '../../aws/routes.ts';
import {
  readCordonGroups,
  readGroupsByFilter,
  securityGroupPermissions,
} from '../../aws/security-groups.ts';
import { readVpcEndpoints, vpcEndpointPermissions } from '../../aws/vpc-endpoints.ts';
import { systemsManagerGroups } from '../../case/forensic-access.ts';
import type { ForensicPath } from '../../case/forensic-path.ts';
import { forensicPath } from '../../case/forensic-path.ts';
import { isolationGroupKind } from '../../case/isolation-group.ts';
import type { Check, Finding } from '../check.ts';
import { ok, warn } from '../check.ts';
import type { Examination } from '../examination.ts';
import type { Host } from '../hosts.ts';
import { vpcsOf } from '../hosts.ts';

interface Judged {
  readonly subnetId: string;
  readonly path: ForensicPath;
}

/** The first host of each subnet: its route decides on the way of all of them. */
const oneOfEach = (hosts: readonly Host[]): readonly Host[] => [
  ...new Map(hosts.map((host) => [host.subnetId, host])).values(),
];

/** The way of each subnet that has instances, whatever the agents on them do. */
const readWays = async (examination: Examination): Promise<readonly Judged[]> => {
  const { clients, stack } = examination;
  const [{ settings }, hosts, { accountId }] = await Promise.all([
    stack,
    examination.hosts,
    examination.caller,
  ]);
  const vpcIds = vpcsOf(hosts);
  const [endpoints, routeTables, groups] = await Promise.all([
    readVpcEndpoints(clients.ec2, vpcIds),
    readRouteTables(clients.ec2, vpcIds),
    readCordonGroups(clients.ec2),
  ]);
  const ids = vpcIds.flatMap((vpcId) => systemsManagerGroups(endpoints, vpcId));
  const endpointGroups = ids.length === 0 ? [] : await readGroupsByFilter(clients.ec2, ids);
  const known = <Value>(value: Value) => ({ known: true as const, value });
  return oneOfEach(hosts).map((host) => ({
    subnetId: host.subnetId,
    path: forensicPath({
      profile: settings.isolationProfile,
      hasAllowList: settings.egressAllowList.length > 0,
      accountId,
      networkInterface: host,
      isolationGroupIds: groups
        .filter(
          ({ vpcId, ownerId, name }) =>
            vpcId === host.vpcId &&
            ownerId === accountId &&
            /^forensic/.test(isolationGroupKind(name)?.kind ?? ''),
        )
        .map(({ id }) => id),
      bucket: settings.forensicUploadBucket,
      endpoints: known(endpoints),
      endpointGroups: known(endpointGroups),
      routeTables: known(routeTables),
      agent: known({ online: true }),
    }),
  }));
};

const remedy = 'docs/forensic-path.md says how to make it';

const judged = (ways: readonly Judged[]): readonly Finding[] => {
  const missing = ways.find(({ path }) => path.state === 'missing');
  const doubtful = missing ?? ways.find(({ path }) => path.state === 'unknown');
  if (doubtful === undefined) {
    return ok(`hosts of ${ways.length} subnets would reach Systems Manager and the upload bucket`);
  }
  const { subnetId, path } = doubtful;
  const state = missing === undefined ? 'warn' : 'FAIL';
  return [{ state, says: `an isolated host of ${subnetId}: ${path.sentence}`, remedy }];
};

/** Whether a host that is isolated under `forensic` could be examined. */
export const forensicWay: Check = {
  name: 'examine',
  permissions: [...vpcEndpointPermissions, ...routePermissions, ...securityGroupPermissions],
  look: async (examination) => {
    const { settings } = await examination.stack;
    const { isolationProfile: profile, toolkitSnapshotId } = settings;
    if (profile === 'forensic') return judged(await readWays(examination));
    return toolkitSnapshotId === ''
      ? ok(`not wanted: IsolationProfile=${profile}`)
      : warn(
          `memory is wanted, but IsolationProfile=${profile} leaves no way to the host`,
          'deploy with IsolationProfile=forensic',
        );
  },
};
