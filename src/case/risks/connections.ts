import type { Instance } from '../before.ts';
import { command } from '../command.ts';
import type { IsolationProfile } from '../isolation-profile.ts';
import { keepsServing } from '../isolation-profile.ts';
import type { Stoppable } from '../last-resort.ts';
import { lastResort } from '../last-resort.ts';
import type { ResidualRisk } from '../risk.ts';

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

/** Interfaces without groups, or with traffic past the operating system: a change does not reach it. */
export const unreachedInterfaces = (
  instance: Stoppable & Pick<Instance, 'secondaryInterfaceIds'>,
  fabricIds: readonly string[],
): readonly ResidualRisk[] => [
  ...(instance.secondaryInterfaceIds !== undefined
    ? [
        {
          risk: 'secondary-interfaces',
          explanation: `${instance.secondaryInterfaceIds.join(', ')} (secondary interfaces, RDMA) have no security groups: no change of groups cuts them.`,
          remedy: `What these interfaces carry ends with the instance alone: save the memory, then ${lastResort(instance)}`,
        },
      ]
    : []),
  ...(fabricIds.length > 0
    ? [
        {
          risk: 'efa-traffic',
          explanation: `${fabricIds.join(', ')} are Elastic Fabric Adapters: whether their traffic past the operating system stops with a change of groups is not documented.`,
          remedy: 'Look at the other hosts of the same cluster, which can be reached by it.',
        },
      ]
    : []),
];

/** The transition group would be carried on by the plugin that copies groups. */
export const containerNetwork = (interfaceIds: readonly string[]): ResidualRisk => ({
  risk: 'cni-managed-interfaces',
  explanation: `A container network plugin manages ${interfaceIds.join(', ')}: it copies the groups of the primary interface, and could have put the wide open transition group on them after the cut. So the interfaces went to isolation without it, and connections that were open may live.`,
  remedy:
    'Deny the remote address in the network ACL of the subnet, both directions; cordon and drain the node in Kubernetes.',
});

/** Branch interfaces have groups of their own. */
export const trunkInterfaces = (interfaceIds: readonly string[], region: string): ResidualRisk => ({
  risk: 'branch-interfaces',
  explanation: `${interfaceIds.join(', ')} are trunk interfaces: pods or tasks on the host have branch interfaces with security groups of their own. Cordon moves those that it finds and that AWS lets it move, without a transition, so that connections that were open may live; a pod that starts later gets a branch with groups of its own.`,
  remedy: `Cordon and drain the node in Kubernetes, or stop the tasks, and look at the branches again: ${command(['aws', 'ec2', 'describe-trunk-interface-associations', '--region', region])}`,
});

/** A Network Load Balancer may still send its clients to the host. */
export const targetsUnknown = (observed: string): ResidualRisk => ({
  risk: 'targets-unknown',
  explanation: `It is unknown whether a load balancer still has the instance, and keeps connections with it open: ${observed}.`,
  remedy: 'Look at those target groups, and deregister the instance where it is a target.',
});
