import type { TrackedPath, TrackedPathKind } from '../cut.ts';
import type { IsolationProfile } from '../isolation-profile.ts';
import { keepsServing } from '../isolation-profile.ts';
import type { ResidualRisk } from '../risk.ts';

const pathNames: Record<TrackedPathKind, { risk: string; name: string }> = {
  'nat-gateway': { risk: 'nat-tracked-flows', name: 'a NAT gateway' },
  endpoint: { risk: 'endpoint-tracked-flows', name: 'a VPC endpoint' },
  'egress-only-gateway': {
    risk: 'egress-only-gateway-tracked-flows',
    name: 'an egress-only internet gateway',
  },
  'transit-gateway': { risk: 'transit-gateway-tracked-flows', name: 'a transit gateway' },
  'virtual-private-gateway': {
    risk: 'virtual-private-gateway-tracked-flows',
    name: 'a virtual private gateway',
  },
};

/** One risk per kind of tracked path. */
export const trackedPathRisks = (paths: readonly TrackedPath[]): readonly ResidualRisk[] =>
  [...new Set(paths.map((path) => path.kind))].map((kind) => {
    const of = paths.filter((path) => path.kind === kind);
    const where = [...new Set(of.map((path) => `${path.interfaceId} via ${path.target}`))];
    return {
      risk: pathNames[kind].risk,
      explanation: `Traffic leaves through ${pathNames[kind].name} (${where.join(', ')}), where AWS keeps established connections alive whatever the security groups say.`,
      remedy:
        'If the attacker may hold an open connection, deny the remote address in the network ACL of the subnet (both directions), or stop the instance after its memory was saved.',
    };
  });

export const routesUnread = (why: string): ResidualRisk => ({
  risk: 'routes-unread',
  explanation: `The route tables could not be read (${why}), so it is unknown whether established connections were cut.`,
  remedy: 'Look at the routes of the subnets of the network interfaces for a NAT gateway.',
});

/** Why connections that were open live on by design. */
export const connectionsKept = (profile: IsolationProfile): ResidualRisk => ({
  risk: 'established-connections',
  explanation: keepsServing(profile)
    ? 'The profile egress-lockdown keeps the server serving: what comes in is let in as before, and tracked connections that were open live until they end or idle out. Clients of a port that is open to everybody may have to connect again once.'
    : 'ConnectionCut is "none": connections that were open when the groups changed live until they end or idle out.',
  remedy: 'Deny the remote address in the network ACL of the subnet, both directions.',
});

export const transitionFailed = (interfaceIds: readonly string[], why: string): ResidualRisk => ({
  risk: 'transition-failed',
  explanation: `${interfaceIds.join(', ')} went to the isolation group without the transition group (${why}): connections that were open may live.`,
  remedy: 'Deny the remote address in the network ACL of the subnet, both directions.',
});

export const foundIsolated = (interfaceIds: readonly string[]): ResidualRisk => ({
  risk: 'transition-failed',
  explanation: `${interfaceIds.join(', ')} was found isolated, and nothing says whether connections that were open then were cut.`,
  remedy: 'Deny the remote address in the network ACL of the subnet, both directions.',
});

export const transitionUnknown: ResidualRisk = {
  risk: 'transition-failed',
  explanation:
    'The isolating step did not end as it should, so it is unknown whether open connections were cut.',
  remedy: 'Deny the remote address in the network ACL of the subnet, both directions.',
};

/** NLB and Gateway Load Balancer flows are tracked whatever the rules. */
export const balancedFlows = (targetGroups: readonly string[]): ResidualRisk => ({
  risk: 'nlb-tracked-flows',
  explanation: `The instance was a target of Network or Gateway Load Balancers (${targetGroups.join(', ')}), whose connections AWS tracks whatever the security groups say: those that were open live until they end, idle out (350 s), or draining closes them.`,
  remedy:
    'Set deregistration_delay.connection_termination.enabled=true on the target group, or deny the clients’ addresses in the network ACL of the subnet.',
});

/** Flows behind a Network or Gateway Load Balancer would be tracked. */
export const balancersUnread: ResidualRisk = {
  risk: 'load-balancers-unread',
  explanation:
    'Not every target group could be read, so it is unknown whether connections came in through a Network or Gateway Load Balancer, which AWS keeps alive whatever the security groups say.',
  remedy: 'Look at the target groups with the protocols TCP, TLS, UDP, QUIC and GENEVE.',
};
