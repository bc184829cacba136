import type { Family } from './address.ts';
import { contains, prefixLength } from './address.ts';
import type { NetworkInterface } from './before.ts';
import type { VpcEndpoint } from './forensic-access.ts';
import type { Route, RouteTable } from './route-table.ts';
import { isInUse, isPrefixList, tablesOf } from './route-table.ts';

/**
 * What happens to connections that were open when the groups changed. `complete`: cut as far as
 * AWS's own method can; `new-flows-only`: on at least one path AWS may keep them; `none`: not cut.
 */
export type Cut = 'complete' | 'new-flows-only' | 'none';

/** A route to or from an interface on which AWS tracks every flow, or may do so. */
export interface TrackedPath {
  readonly interfaceId: string;
  readonly destination: string;
  readonly target: string;
  readonly kind: TrackedPathKind;
}

export type TrackedPathKind =
  | 'nat-gateway'
  | 'endpoint'
  | 'dynamodb-endpoint'
  | 'egress-only-gateway'
  | 'transit-gateway'
  | 'virtual-private-gateway'
  | 'core-network'
  | 'vpc-lattice'
  | 'peering'
  | 'internet-firewall'
  | 'unknown-target';

/**
 * Targets whose flows AWS does not track on its own, by the list of the connection tracking page
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html).
 */
const untracked = /^(?:local$|igw-|eni-|i-|lgw-|cagw-)/;

/**
 * All other route targets count as tracked, known or not, because a false claim of a complete cut is
 * worse than a warning too many. Transit gateways have gone from AWS's list, virtual private gateways and
 * core networks were never on it. A peered VPC may have endpoints, which Cordon does not read.
 */
const trackedTargets: readonly (readonly [RegExp, TrackedPathKind])[] = [
  [/^nat-/, 'nat-gateway'],
  [/^vpce-/, 'endpoint'],
  [/^eigw-/, 'egress-only-gateway'],
  [/^tgw-/, 'transit-gateway'],
  [/^vgw-/, 'virtual-private-gateway'],
  [/^arn:[^:]*:networkmanager:.*:core-network\//, 'core-network'],
  [/^VpcLattice$/i, 'vpc-lattice'],
  [/^pcx-/, 'peering'],
];

/** Of the gateway endpoints only DynamoDB's is on AWS's list; one that was not read may be it. */
const kindOfGatewayEndpoint = (
  id: string,
  endpoints: readonly VpcEndpoint[],
): TrackedPathKind | undefined => {
  const endpoint = endpoints.find((one) => one.id === id);
  if (endpoint === undefined || endpoint.type !== 'gateway') return 'endpoint';
  if (endpoint.serviceName.endsWith('.dynamodb')) return 'dynamodb-endpoint';
  return /\.s3(?:express)?$/.test(endpoint.serviceName) ? undefined : 'endpoint';
};

const kindOf = (
  { destination, target, firewall }: Route,
  endpoints: readonly VpcEndpoint[],
): TrackedPathKind | undefined => {
  if (firewall === true) return 'internet-firewall';
  if (untracked.test(target)) return undefined;
  if (isPrefixList(destination) && target.startsWith('vpce-')) {
    return kindOfGatewayEndpoint(target, endpoints);
  }
  return trackedTargets.find(([pattern]) => pattern.test(target))?.[1] ?? 'unknown-target';
};

/** A delegated prefix is as good as an address: containers on the host use its addresses. */
const rangesOf = (one: NetworkInterface): readonly string[] => [
  ...one.privateAddresses,
  ...one.ipv6Addresses,
  ...(one.prefixes ?? []),
];

const familyOfRange = (range: string): Family => (range.includes(':') ? 'ipv6' : 'ipv4');

/** Longest prefix first, as the VPC router chooses. */
const routeTo = (range: string, table: RouteTable): Route | undefined => {
  const [address = ''] = range.split('/');
  return table.routes
    .filter((route) => route.active && contains(route.destination, address))
    .toSorted((a, b) => prefixLength(b.destination) - prefixLength(a.destination))[0];
};

/** Every active route of a table of the interface, in the address families that it has. */
const routesOut = (one: NetworkInterface, table: RouteTable): readonly Route[] => {
  const families = new Set(rangesOf(one).map(familyOfRange));
  return table.routes.filter(
    ({ active, destination }) =>
      active && (isPrefixList(destination) || families.has(familyOfRange(destination))),
  );
};

/** Where other subnets, and gateways with a table of their own, are led on their way to the interface. */
const routesIn = (
  one: NetworkInterface,
  own: readonly RouteTable[],
  tables: readonly RouteTable[],
): readonly Route[] =>
  tables
    .filter((table) => table.vpcId === one.vpcId && !own.includes(table) && isInUse(table))
    .flatMap((table) => rangesOf(one).flatMap((range) => routeTo(range, table) ?? []));

/** Every tracked path to or from the interfaces that the routes of their VPCs show. */
export const trackedPaths = (
  interfaces: readonly NetworkInterface[],
  tables: readonly RouteTable[],
  endpoints: readonly VpcEndpoint[] = [],
): readonly TrackedPath[] =>
  interfaces.flatMap((one) => {
    const own = tablesOf(one, tables);
    const routes = [
      ...own.flatMap((table) => routesOut(one, table)),
      ...routesIn(one, own, tables),
    ];
    return routes.flatMap((route): TrackedPath[] => {
      const kind = kindOf(route, endpoints);
      const { destination, target } = route;
      return kind === undefined ? [] : [{ interfaceId: one.id, destination, target, kind }];
    });
  });
