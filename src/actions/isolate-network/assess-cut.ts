import type { Deps } from '../../aws/clients.ts';
import { inWords } from '../../aws/errors.ts';
import { networkInterfacePermissions } from '../../aws/network-interfaces.ts';
import { liveNetworkReader } from '../../aws/readers/live-network-reader.ts';
import type { NetworkReader } from '../../aws/readers/reader.ts';
import { routePermissions } from '../../aws/routes.ts';
import { vpcEndpointPermissions } from '../../aws/vpc-endpoints.ts';
import type { Before } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import { profileOf } from '../../case/case.ts';
import { cniInterfaces } from '../../case/container-network.ts';
import type { Cut } from '../../case/cut.ts';
import { trackedPaths } from '../../case/cut.ts';
import { keepsServing } from '../../case/isolation-profile.ts';
import type { ResidualRisk } from '../../case/risk.ts';
import { latticeTargets } from '../../case/risks/auto-scaling.ts';
import {
  connectionsKept,
  containerNetwork,
  trunkInterfaces,
  unreachedInterfaces,
} from '../../case/risks/connections.ts';
import { requesterManagedInterface } from '../../case/risks/isolation-groups.ts';
import { standingRisks } from '../../case/risks/standing.ts';
import {
  neighbourRisks,
  neighboursUnread,
  routesUnread,
  sharedVpc,
  trackedPathRisks,
} from '../../case/risks/tracked-paths.ts';
import type { RouteTable } from '../../case/route-table.ts';
import { interfacesWithoutRoutes } from '../../case/route-table.ts';
import type { StepInput } from '../../case/step-input.ts';

export const cutPermissions = [
  ...routePermissions,
  ...vpcEndpointPermissions,
  ...networkInterfacePermissions,
];

export interface CutAssessment {
  readonly cut: Cut;
  readonly risks: readonly ResidualRisk[];
}

const requesterManaged = ({ instance }: Before): readonly ResidualRisk[] => {
  const ids = instance.networkInterfaces.filter((one) => one.requesterManaged).map(({ id }) => id);
  return ids.length > 0 ? [requesterManagedInterface(ids)] : [];
};

/** What the answers of the describe step say about paths that no change of groups cuts. */
const risksOfInstance = ({ instance, autoScaling }: Before): readonly ResidualRisk[] => {
  const idsOf = (type: RegExp) =>
    instance.networkInterfaces.filter((one) => type.test(one.type ?? '')).map(({ id }) => id);
  const trunks = idsOf(/^trunk$/);
  const membership = autoScaling.known ? autoScaling.membership : undefined;
  const lattice = membership?.latticeTargetGroups ?? [];
  return [
    ...unreachedInterfaces(instance, idsOf(/^efa/)),
    ...(trunks.length > 0 ? [trunkInterfaces(trunks, instance.region)] : []),
    ...(lattice.length > 0 ? [latticeTargets(lattice)] : []),
  ];
};

const sharedVpcRisks = (
  tables: readonly RouteTable[],
  accountId: string,
): readonly ResidualRisk[] => {
  const shared = tables.filter(({ ownerId = accountId }) => ownerId !== accountId);
  return shared.length === 0
    ? []
    : [
        sharedVpc(
          shared.map(({ vpcId }) => vpcId),
          shared.map(({ ownerId = '' }) => ownerId),
        ),
      ];
};

/** What the VPCs say, in one round trip: routes, gateway endpoints, interfaces that AWS tracks. */
const risksOfNetwork = async (
  { log }: Deps,
  network: NetworkReader,
  { instance }: Before,
): Promise<readonly ResidualRisk[]> => {
  const interfaces = movableInterfaces(instance);
  const vpcIds = [...new Set(interfaces.map(({ vpcId }) => vpcId))];
  const [tables, endpoints, neighbours] = await Promise.allSettled([
    network.routeTables(vpcIds),
    network.vpcEndpoints(vpcIds),
    network.neighbours(vpcIds),
  ]);
  if (endpoints.status === 'rejected') {
    // A route to one that is not known counts as tracked.
    log.warn('the VPC endpoints could not be read', { error: inWords(endpoints.reason) });
  }
  const known = endpoints.status === 'fulfilled' ? endpoints.value : [];
  const routes = tables.status === 'fulfilled' ? tables.value : [];
  const unread = interfacesWithoutRoutes(interfaces, routes);
  return [
    ...trackedPathRisks(trackedPaths(interfaces, routes, known), instance),
    ...(neighbours.status === 'fulfilled'
      ? neighbourRisks(neighbours.value, instance)
      : [neighboursUnread(inWords(neighbours.reason))]),
    ...sharedVpcRisks(routes, instance.accountId),
    ...(tables.status === 'rejected'
      ? [routesUnread(inWords(tables.reason))]
      : unread.length > 0
        ? [routesUnread(`no table for ${unread.join(', ')}`)]
        : []),
  ];
};

/**
 * What the cut does to connections that were open: by the routes and neighbours of the interfaces,
 * by their kinds, and by whether they went through the transition group; and the risks that remain.
 * Never throws: what cannot be read makes the cut doubtful.
 */
export const assessCut = async (
  deps: Deps<'ec2'>,
  { case: theCase, before }: StepInput,
  connectionCut: 'transition' | 'none',
  network: NetworkReader = liveNetworkReader(deps.clients.ec2),
): Promise<CutAssessment> => {
  const always = [...standingRisks(before.instance), ...requesterManaged(before)];
  // A stopped instance has no connections to cut.
  if (before.instance.state === 'stopped') return { cut: 'complete', risks: always };
  const profile = profileOf(theCase, deps.settings);
  const kept = connectionCut === 'none' || keepsServing(profile);
  const plugged = cniInterfaces(before.instance);
  const risks = [
    ...(await risksOfNetwork(deps, network, before)),
    ...risksOfInstance(before),
    ...(kept ? [connectionsKept(profile)] : []),
    ...(!kept && plugged.length > 0 ? [containerNetwork(plugged)] : []),
  ];
  return { cut: risks.length > 0 ? 'new-flows-only' : 'complete', risks: [...risks, ...always] };
};
