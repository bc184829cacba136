import type { Instance } from './before.ts';
import type { TrackedPath, TrackedPathKind } from './cut.ts';
import type { IsolationProfile } from './isolation-profile.ts';
import { keepsServing } from './isolation-profile.ts';
import { profileNameOf, revocationPolicy, revocationPolicyName } from './revocation.ts';
import type { Rule } from './security-group.ts';
import { describeRule } from './security-group.ts';
import { shellWord } from './shell-word.ts';

/** What the containment does not cover, why, and what a person can do about it. */
export interface ResidualRisk {
  readonly risk: string;
  readonly explanation: string;
  readonly remedy: string;
}

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

/** Rules of other groups that let the host through by a group it is no longer in. */
export const referencesLost = (names: readonly string[]): ResidualRisk => ({
  risk: 'group-references-lost',
  explanation: `Rules of ${names.join(', ')} name an original group of the host, and no longer match it: what relied on them does not reach the host, or is not reached by it.`,
  remedy:
    'If that breaks the service, name the egress-free clone in those rules until the release.',
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

export const requesterManagedInterface = (interfaceIds: readonly string[]): ResidualRisk => ({
  risk: 'requester-managed-interface',
  explanation: `${interfaceIds.join(', ')} was made by an AWS service, which lets nobody else change its security groups: it is not isolated.`,
  remedy: 'Detach the instance in the service that made the interface, or deny it by network ACL.',
});

export const undoFromLogOnly = (what: string): ResidualRisk => ({
  risk: 'undo-from-log-only',
  explanation: `The before-state of ${what} could not be written to tags.`,
  remedy: 'Keep the log of this case: its line "before" is what an undo needs.',
});

export const referencesUnread = (why: string): ResidualRisk => ({
  risk: 'group-references-unread',
  explanation: `It could not be read which rules of other groups name the host's original groups (${why}); those no longer match it.`,
  remedy: 'If the service breaks, look for rules that name an original group of the host.',
});

/** Access that was wanted and AWS would not grant; the group lets less through, never more. */
export const accessRefused = (
  refused: readonly { readonly rule: Rule; readonly words: string }[],
): ResidualRisk => ({
  risk: 'access-refused',
  explanation: `Rules of the isolation group were refused and left out: ${refused.map(({ rule, words }) => `${describeRule(rule)} (${words})`).join('; ')}.`,
  remedy: 'Correct the group, list or range that the settings or the original group name.',
});

export const evidenceWayRefused = (interfaceId: string, why: string): ResidualRisk => ({
  risk: 's3-egress',
  explanation: `${interfaceId} was given no way to S3, because it would lead to more than the evidence bucket: ${why}.`,
  remedy:
    'Route the S3 prefix list of the subnet to a gateway endpoint whose policy names the evidence bucket alone, then run Cordon again.',
});

export const evidenceWaysUnread = (why: string): ResidualRisk => ({
  risk: 'evidence-ways-unread',
  explanation: `The VPC endpoints could not be read (${why}), so no way to Systems Manager or S3 was opened.`,
  remedy: 'Run Cordon again before memory is acquired.',
});

export const membershipUnread = (why: string): ResidualRisk => ({
  risk: 'auto-scaling-unread',
  explanation: `It is unknown whether the instance is in an Auto Scaling group (${why}), which could terminate it.`,
  remedy: 'Look it up in the Auto Scaling console and detach it, or suspend ReplaceUnhealthy.',
});

export const stillInAutoScalingGroup = (why: string): ResidualRisk => ({
  risk: 'auto-scaling-may-terminate',
  explanation: `The Auto Scaling group still has the instance and may terminate the evidence (${why}). Termination protection does not prevent that.`,
  remedy:
    'Detach the instance, or suspend the processes ReplaceUnhealthy and Terminate of the group.',
});

/** The group kept the instance, so it was kept from terminating: all its members are concerned. */
export const groupSuspended = (
  groupName: string,
  processes: readonly string[],
  /** Those of them that Cordon suspended, and nobody before. */
  own: readonly string[],
  refusals: readonly string[],
): ResidualRisk => ({
  risk: 'auto-scaling-suspended',
  explanation: `The Auto Scaling group ${groupName} let the instance go neither way (${refusals.join('; ')}), so ${processes.join(' and ')} are suspended for the whole group: it replaces no unhealthy instance and scales nothing in.`,
  remedy: `Detach the instance as soon as the group allows it${own.length === 0 ? '.' : `, then: aws autoscaling resume-processes --auto-scaling-group-name ${shellWord(groupName)} --scaling-processes ${own.join(' ')}`}`,
});

/** Who took the instance's place, made of what the attacker may have come in by. */
export const replacementStarted = (
  groupName: string,
  instanceIds: readonly string[],
  launching: boolean,
): ResidualRisk => ({
  risk: 'replacement-from-same-template',
  explanation: launching
    ? `The Auto Scaling group ${groupName} replaces the instance${instanceIds.length > 0 ? ` by ${instanceIds.join(', ')}` : ' in a moment'}, started from the same template: what let the attacker in may be there as well.`
    : `The process Launch of the Auto Scaling group ${groupName} is suspended: nothing replaces the instance, and the service has one instance less.`,
  remedy: launching
    ? 'Find out how the attacker came in, mend the image or launch template, then refresh the group.'
    : `Resume Launch, or raise capacity by hand, if the service needs it.`,
});

/** Traffic that comes in past the load balancers that Cordon knows. */
export const latticeTargets = (targetGroups: readonly string[]): ResidualRisk => ({
  risk: 'vpc-lattice-targets',
  explanation: `The Auto Scaling group registers its instances with VPC Lattice (${targetGroups.join(', ')}); leaving the group takes the instance out, and Cordon does not read that back.`,
  remedy: 'Look at the targets: aws vpc-lattice list-targets --target-group-identifier <id>',
});

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

export const addressNotDenied = (address: string, why: string): ResidualRisk => ({
  risk: 'address-not-denied',
  explanation: `The remote address ${address} is not denied in the network ACL: ${why}.`,
  remedy: 'Deny it by hand where that harms nobody else in the subnet.',
});

/** A cut that was opted into and did not come about. */
export const reinforcementFailed = (cut: string, resource: string, why: string): ResidualRisk => ({
  risk: `${cut}-failed`,
  explanation: `The further cut ${cut} of ${resource} did not come about: ${why}`,
  remedy: 'Make it by hand; docs/isolation.md has the commands.',
});

export const unusualSettings = (warnings: readonly string[]): ResidualRisk => ({
  risk: 'setting-not-understood',
  explanation: `Cordon ran with defaults: ${warnings.join('; ')}.`,
  remedy: 'Correct the parameter of the stack.',
});

export const ambiguousTargets = (where: readonly string[]): ResidualRisk => ({
  risk: 'ambiguous-ip-target',
  explanation: `An address of the instance is also registered in target groups of other VPCs (${where.join(', ')}); it may be another host there, so it was left.`,
  remedy: 'If the target is this instance (VPC peering), deregister it by hand.',
});

/** Resolver and metadata service are reached past every security group and network ACL. */
const unfiltered = (instance: Instance): readonly ResidualRisk[] => [
  {
    risk: 'resolver-dns',
    explanation:
      'Security groups do not filter DNS queries to the VPC resolver: data can still leave the host as DNS names.',
    remedy: 'Block the domains, or all of them for this VPC, with Route 53 Resolver DNS Firewall.',
  },
  ...(instance.metadataService === 'enabled'
    ? [
        {
          risk: 'instance-metadata',
          explanation:
            'The instance metadata service still answers on the host, and hands out fresh role credentials.',
          remedy: `After memory was saved: aws ec2 modify-instance-metadata-options --region ${instance.region} --instance-id ${instance.id} --http-endpoint disabled`,
        },
      ]
    : []),
];

const roleCredentials = (instance: Instance): readonly ResidualRisk[] =>
  instance.instanceProfileArn === undefined
    ? []
    : [
        {
          risk: 'role-credentials-valid',
          explanation: `Credentials of the instance profile ${profileNameOf(instance.instanceProfileArn)} that were taken from the host work from anywhere until they expire.`,
          remedy: `aws iam put-role-policy --role-name "$(aws iam get-instance-profile --instance-profile-name ${profileNameOf(instance.instanceProfileArn)} --query 'InstanceProfile.Roles[0].RoleName' --output text)" --policy-name ${revocationPolicyName(instance.id)} --policy-document '${revocationPolicy(instance)}'`,
        },
      ];

/** ICMP is tracked whatever the rules, and other protocols by address and number. */
const stateless: ResidualRisk = {
  risk: 'icmp-tracked',
  explanation:
    'AWS tracks ICMP whatever the rules, and other protocols for 600 seconds: an exchange that was open, such as a tunnel in pings, may go on.',
  remedy: 'Deny the remote address in the network ACL of the subnet, both directions.',
};

const readableTrail = (instance: Instance): readonly ResidualRisk[] =>
  instance.metadataTags
    ? [
        {
          risk: 'trail-readable-from-host',
          explanation:
            'Instance tags are in the instance metadata: who is on the host can read the trail of this case.',
          remedy: `aws ec2 modify-instance-metadata-options --region ${instance.region} --instance-id ${instance.id} --instance-metadata-tags disabled`,
        },
      ]
    : [];

/** The risks that no change of security groups takes away. */
export const standingRisks = (instance: Instance): readonly ResidualRisk[] => [
  ...roleCredentials(instance),
  ...readableTrail(instance),
  ...(instance.state === 'stopped' ? [] : [stateless]),
  ...unfiltered(instance),
];

/** Ways to the host that security groups do not close, or not for what is open already. */
export const sideDoorRisks = (doors: {
  readonly systemsManager: readonly string[];
  readonly instanceConnect: readonly string[];
  readonly serialConsole: boolean;
  readonly unread: readonly string[];
}): readonly ResidualRisk[] => [
  ...(doors.systemsManager.length > 0
    ? [
        {
          risk: 'systems-manager-channel',
          explanation: `The VPC has Systems Manager endpoints (${doors.systemsManager.join(', ')}): a connection of the SSM agent that is open stays tracked, and commands can still arrive through it.`,
          remedy:
            'Restrict ssm:SendCommand and ssm:StartSession on the instance, or take 443 from the endpoints’ security group.',
        },
      ]
    : []),
  ...(doors.instanceConnect.length > 0
    ? [
        {
          risk: 'instance-connect-endpoint',
          explanation: `The VPC has EC2 Instance Connect endpoints (${doors.instanceConnect.join(', ')}): a session through one that is open may live on.`,
          remedy: 'Restrict ec2-instance-connect:OpenTunnel to the responders.',
        },
      ]
    : []),
  ...(doors.serialConsole
    ? [
        {
          risk: 'serial-console',
          explanation:
            'The EC2 serial console is allowed in this account and Region: it reaches the host without any network.',
          remedy: 'aws ec2 disable-serial-console-access, unless the responders need it.',
        },
      ]
    : []),
  ...(doors.unread.length > 0
    ? [
        {
          risk: 'side-doors-unread',
          explanation: `It could not be read whether there are other ways to the host: ${doors.unread.join(', ')}.`,
          remedy: 'Look at them in the console.',
        },
      ]
    : []),
];
