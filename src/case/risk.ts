import type { Instance } from './before.ts';
import type { TrackedPath, TrackedPathKind } from './cut.ts';
import { partitionOf } from './partition.ts';

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

export const connectionCutSkipped: ResidualRisk = {
  risk: 'established-connections',
  explanation:
    'ConnectionCut is "none": connections that were open when the groups changed live until they end or idle out.',
  remedy: 'Deny the remote address in the network ACL of the subnet, both directions.',
};

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

const profileName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/**
 * Deny statements for this instance's sessions only: other instances with the same role work on
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html,
 * condition key ec2:SourceInstanceARN).
 */
const revokePolicy = (instance: Instance): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: {
          ArnEquals: {
            'ec2:SourceInstanceARN': `arn:${partitionOf(instance.region)}:ec2:${instance.region}:${instance.accountId}:instance/${instance.id}`,
          },
        },
      },
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { StringLike: { 'aws:userid': `*:${instance.id}` } },
      },
    ],
  });

const roleCredentials = (instance: Instance): readonly ResidualRisk[] =>
  instance.instanceProfileArn === undefined
    ? []
    : [
        {
          risk: 'role-credentials-valid',
          explanation: `Credentials of the instance profile ${profileName(instance.instanceProfileArn)} that were taken from the host work from anywhere until they expire.`,
          remedy: `aws iam put-role-policy --role-name "$(aws iam get-instance-profile --instance-profile-name ${profileName(instance.instanceProfileArn)} --query 'InstanceProfile.Roles[0].RoleName' --output text)" --policy-name cordon-deny-${instance.id} --policy-document '${revokePolicy(instance)}'`,
        },
      ];

/** The risks that no change of security groups takes away. */
export const standingRisks = (instance: Instance): readonly ResidualRisk[] => [
  ...roleCredentials(instance),
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
