import type { Family } from './address.ts';
import { contains, familyOf, prefixLength } from './address.ts';
import type { NetworkInterface } from './before.ts';

/**
 * What happens to connections that were open when the groups changed. `complete`: cut as far as
 * AWS's own method can; `new-flows-only`: on at least one path AWS keeps them; `none`: not cut.
 */
export type Cut = 'complete' | 'new-flows-only' | 'none';

export interface Route {
  /** An IPv4 or IPv6 range; routes to prefix lists are left out. */
  readonly destination: string;
  /** The id of the gateway, endpoint or interface, or `local`. */
  readonly target: string;
  readonly active: boolean;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  readonly main: boolean;
  readonly subnetIds: readonly string[];
  readonly routes: readonly Route[];
  /** Routes to AWS services by their prefix lists. */
  readonly prefixListRoutes?: readonly PrefixListRoute[];
}

export interface PrefixListRoute {
  readonly prefixListId: string;
  readonly target: string;
}

/** A way out of an interface on which AWS tracks every flow, whatever the rules say. */
export interface TrackedPath {
  readonly interfaceId: string;
  readonly destination: string;
  readonly target: string;
  readonly kind: TrackedPathKind;
}

/**
 * Route targets whose flows are always tracked, or were documented as such
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html).
 * Transit gateways have gone from that page, and virtual private gateways were never on it; they
 * are here, because a cut that is claimed and does not hold is worse than a warning too many.
 */
const trackedTargets = {
  'nat-': 'nat-gateway',
  'vpce-': 'endpoint',
  'eigw-': 'egress-only-gateway',
  'tgw-': 'transit-gateway',
  'vgw-': 'virtual-private-gateway',
} as const;

export type TrackedPathKind = (typeof trackedTargets)[keyof typeof trackedTargets];

const kindOf = (target: string): TrackedPathKind | undefined => {
  for (const [prefix, kind] of Object.entries(trackedTargets)) {
    if (target.startsWith(prefix)) return kind;
  }
  return undefined;
};

/** Everywhere, whole and in the halves into which a default route is sometimes split. */
const defaultDestinations: Record<Family, readonly string[]> = {
  ipv4: ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1'],
  ipv6: ['::/0', '::/1', '8000::/1'],
};

/** The table of the subnet, or the VPC's main table where the subnet has none of its own. */
export const tableOf = (
  networkInterface: Pick<NetworkInterface, 'subnetId' | 'vpcId'>,
  tables: readonly RouteTable[],
): RouteTable | undefined =>
  tables.find((table) => table.subnetIds.includes(networkInterface.subnetId)) ??
  tables.find((table) => table.main && table.vpcId === networkInterface.vpcId);

/** Longest prefix first, as the VPC router chooses. */
const routeTo = (destination: string, table: RouteTable): Route | undefined =>
  table.routes
    .filter((route) => route.active && contains(route.destination, destination))
    .toSorted((a, b) => prefixLength(b.destination) - prefixLength(a.destination))[0];

const familiesOf = (networkInterface: NetworkInterface): Family[] => [
  ...(networkInterface.privateAddresses.length > 0 ? (['ipv4'] as const) : []),
  ...(networkInterface.ipv6Addresses.length > 0 ? (['ipv6'] as const) : []),
];

/** The interfaces whose route table was not among those that could be read. */
export const interfacesWithoutRoutes = (
  interfaces: readonly NetworkInterface[],
  tables: readonly RouteTable[],
): readonly string[] =>
  interfaces.filter((one) => tableOf(one, tables) === undefined).map((one) => one.id);

/**
 * Every tracked way out of the interfaces: to the internet in each address family they have, and
 * to the remote addresses that the finding names.
 */
export const trackedPaths = (
  interfaces: readonly NetworkInterface[],
  tables: readonly RouteTable[],
  remoteAddresses: readonly string[] = [],
): readonly TrackedPath[] =>
  interfaces.flatMap((networkInterface) => {
    const table = tableOf(networkInterface, tables);
    if (table === undefined) return [];
    const families = familiesOf(networkInterface);
    const destinations = [
      ...families.flatMap((family) => defaultDestinations[family]),
      ...remoteAddresses.filter((address) => families.some((one) => one === familyOf(address))),
    ];
    const routes = [
      ...new Map(
        destinations.toReversed().flatMap((destination) => {
          const route = routeTo(destination, table);
          return route === undefined
            ? []
            : [
                [
                  `${route.destination} ${route.target}`,
                  { destination, target: route.target },
                ] as const,
              ];
        }),
      ).values(),
    ];
    return routes.flatMap(({ destination, target }): TrackedPath[] => {
      const kind = kindOf(target);
      return kind === undefined
        ? []
        : [{ interfaceId: networkInterface.id, destination, target, kind }];
    });
  });
