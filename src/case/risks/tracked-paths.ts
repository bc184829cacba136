import type { TrackedPath, TrackedPathKind } from '../cut.ts';
import type { Stoppable } from '../last-resort.ts';
import { lastResort } from '../last-resort.ts';
import type { Neighbour, NeighbourKind } from '../neighbour.ts';
import type { ResidualRisk } from '../risk.ts';

interface Naming {
  readonly risk: string;
  readonly name: string;
}

const paths: Readonly<Record<TrackedPathKind, Naming>> = {
  'nat-gateway': { risk: 'nat-tracked-flows', name: 'a NAT gateway' },
  endpoint: { risk: 'endpoint-tracked-flows', name: 'a VPC endpoint' },
  'dynamodb-endpoint': {
    risk: 'dynamodb-endpoint-tracked-flows',
    name: 'a gateway endpoint for DynamoDB',
  },
  'egress-only-gateway': {
    risk: 'egress-only-gateway-tracked-flows',
    name: 'an egress-only internet gateway',
  },
  'transit-gateway': { risk: 'transit-gateway-tracked-flows', name: 'a transit gateway' },
  'virtual-private-gateway': {
    risk: 'virtual-private-gateway-tracked-flows',
    name: 'a virtual private gateway',
  },
  'core-network': { risk: 'core-network-tracked-flows', name: 'a core network of Cloud WAN' },
  'vpc-lattice': { risk: 'vpc-lattice-tracked-flows', name: 'VPC Lattice' },
  peering: {
    risk: 'peering-endpoints-unread',
    name: 'VPC peering, to a VPC whose endpoints Cordon does not read',
  },
  'internet-firewall': {
    risk: 'internet-firewall-tracked-flows',
    name: 'an automated internet firewall',
  },
  'unknown-target': {
    risk: 'route-target-unknown',
    name: 'a kind of target that Cordon does not know',
  },
};

const neighbours: Readonly<Record<NeighbourKind, Naming>> = {
  vpc_endpoint: { risk: 'interface-endpoint-tracked-flows', name: 'interface endpoints' },
  network_load_balancer: {
    risk: 'network-load-balancer-tracked-flows',
    name: 'Network Load Balancers',
  },
  global_accelerator_managed: {
    risk: 'global-accelerator-tracked-flows',
    name: 'interfaces of Global Accelerator',
  },
  lambda: { risk: 'lambda-tracked-flows', name: 'interfaces of Lambda functions' },
};

/** How many ids a sentence names; a large VPC has hundreds. */
const mostNamed = 5;

const named = (ids: readonly string[]): string => {
  const unique = [...new Set(ids)];
  const more = unique.length - mostNamed;
  return `${unique.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const remedyFor = (instance: Stoppable): string =>
  `If the attacker may hold an open connection, deny the remote address in the network ACL of the subnet, both directions. As the last resort save the memory, then ${lastResort(instance)}`;

/** One risk per kind of tracked route. */
export const trackedPathRisks = (
  found: readonly TrackedPath[],
  instance: Stoppable,
): readonly ResidualRisk[] =>
  [...Map.groupBy(found, ({ kind }) => kind)].map(([kind, its]) => ({
    risk: paths[kind].risk,
    explanation: `Traffic takes ${paths[kind].name} (${named(its.map(({ interfaceId, destination, target }) => `${interfaceId} via ${target || destination}`))}), where AWS keeps established connections alive whatever the security groups say.`,
    remedy: remedyFor(instance),
  }));

/** One risk per kind of neighbour. */
export const neighbourRisks = (
  found: readonly Neighbour[],
  instance: Stoppable,
): readonly ResidualRisk[] =>
  [...Map.groupBy(found, ({ kind }) => kind)].map(([kind, its]) => ({
    risk: neighbours[kind].risk,
    explanation: `The VPC has ${neighbours[kind].name} (${named(its.map(({ id }) => id))}): AWS keeps a connection of the host with one alive whatever the security groups say.`,
    remedy: remedyFor(instance),
  }));

export const routesUnread = (why: string): ResidualRisk => ({
  risk: 'routes-unread',
  explanation: `The route tables could not be read (${why}), so it is unknown whether established connections were cut.`,
  remedy: 'Look at the routes of the subnets of the network interfaces for a NAT gateway.',
});

export const neighboursUnread = (why: string): ResidualRisk => ({
  risk: 'neighbours-unread',
  explanation: `It could not be read whether the VPC has interface endpoints, Network Load Balancers, Global Accelerator or Lambda functions (${why}), so it is unknown whether established connections were cut.`,
  remedy: 'Look at the network interfaces of the VPC whose type is not "interface".',
});

/** In a shared VPC an account sees its own interfaces and endpoints only. */
export const sharedVpc = (
  vpcIds: readonly string[],
  ownerIds: readonly string[],
): ResidualRisk => ({
  risk: 'shared-vpc-unseen',
  explanation: `${named(vpcIds)} belongs to account ${named(ownerIds)}: Cordon does not see that account's endpoints and load balancers, so it is unknown whether established connections were cut.`,
  remedy: 'Ask the owner of the VPC for its interface endpoints and Network Load Balancers.',
});
