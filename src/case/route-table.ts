import type { NetworkInterface } from './before.ts';

export interface Route {
  /** An IPv4 or IPv6 range, or the id of a prefix list. */
  readonly destination: string;
  /** The id or ARN of the gateway, endpoint or interface, or `local`; empty for one that is new. */
  readonly target: string;
  readonly active: boolean;
  /** An automated internet firewall of AWS inspects what takes this route. */
  readonly firewall?: true;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** The account of the VPC: another one where the VPC is shared. */
  readonly ownerId?: string;
  readonly main: boolean;
  readonly subnetIds: readonly string[];
  /** Associated with a gateway: it leads what comes in from there. */
  readonly edge?: true;
  readonly routes: readonly Route[];
}

export const isPrefixList = (destination: string): boolean => destination.startsWith('pl-');

/** The table of the subnet, or the VPC's main table where the subnet has none of its own. */
export const tableOf = (
  networkInterface: Pick<NetworkInterface, 'subnetId' | 'vpcId'>,
  tables: readonly RouteTable[],
): RouteTable | undefined =>
  tables.find((table) => table.subnetIds.includes(networkInterface.subnetId)) ??
  tables.find((table) => table.main && table.vpcId === networkInterface.vpcId);

/** The tables of all subnets that the interface is associated with, without those not found. */
export const tablesOf = (
  one: Pick<NetworkInterface, 'subnetId' | 'vpcId' | 'associatedSubnetIds'>,
  tables: readonly RouteTable[],
): readonly RouteTable[] => [
  ...new Set(
    [one.subnetId, ...(one.associatedSubnetIds ?? [])].flatMap(
      (subnetId) => tableOf({ subnetId, vpcId: one.vpcId }, tables) ?? [],
    ),
  ),
];

/** True for a table that something uses. */
export const isInUse = ({ main, subnetIds, edge }: RouteTable): boolean =>
  main || subnetIds.length > 0 || edge === true;

/** The interfaces whose route table was not among those that could be read. */
export const interfacesWithoutRoutes = (
  interfaces: readonly NetworkInterface[],
  tables: readonly RouteTable[],
): readonly string[] =>
  interfaces.filter((one) => tableOf(one, tables) === undefined).map((one) => one.id);
