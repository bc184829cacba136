import type { Recollection } from './former.ts';
import type { SecurityGroup } from './security-group.ts';
import type { Phase } from './undo/inverse.ts';

/** A network interface as it was found. */
export interface NetworkInterface {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly groupIds: readonly string[];
  /** Those of the groups that bear a name of Cordon's: never what an interface had before. */
  readonly cordonGroupIds?: readonly string[];
  /** Address ranges delegated to the interface, for containers on the host. */
  readonly prefixes?: readonly string[];
  readonly privateAddresses: readonly string[];
  readonly ipv6Addresses: readonly string[];
  readonly publicAddresses: readonly string[];
  /** ISO 8601, as AWS tells it. */
  readonly attachedAt?: string;
  /** As somebody has set them, in seconds; absent: as AWS has them by default. */
  readonly idleTimeouts?: IdleTimeouts;
  /** An AWS service made it: its groups cannot be changed by anyone else. */
  readonly requesterManaged: boolean;
  /** `trunk`, `branch`, `efa`, … as EC2 names it; absent for an ordinary interface. */
  readonly type?: string;
  /** Subnets beside `subnetId` that the interface is associated with. */
  readonly associatedSubnetIds?: readonly string[];
  /** A container network plugin made the interface and manages its security groups. */
  readonly cniManaged?: true;
  /** Its tags of Cordon's, as far as they could be read. */
  readonly cordonTags?: Readonly<Record<string, string>>;
}

/** After how many idle seconds a tracked connection is forgotten. */
export interface IdleTimeouts {
  readonly tcpEstablished?: number;
  readonly udpStream?: number;
  readonly udp?: number;
}

export interface Volume {
  readonly id: string;
  readonly device: string;
  readonly deleteOnTermination: boolean;
  /** Its tags of Cordon's, as far as they could be read. */
  readonly cordonTags?: Readonly<Record<string, string>>;
}

/** The attributes that decide whether the evidence survives; absent where AWS did not tell. */
export interface Protection {
  readonly termination?: boolean;
  readonly stop?: boolean;
  readonly shutdownBehavior?: 'stop' | 'terminate';
}

export interface Instance {
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly state: string;
  readonly stateReason?: string;
  readonly vpcId?: string;
  readonly imageId?: string;
  readonly instanceType?: string;
  readonly launchedAt?: string;
  /** When its primary interface was attached, which no start renews. */
  readonly madeAt?: string;
  readonly spot: boolean;
  /** `capacity-block`, `scheduled`, … as EC2 names it; absent for on-demand and Spot. */
  readonly purchase?: string;
  /** Interfaces of RDMA networks, which have no security groups. */
  readonly secondaryInterfaceIds?: readonly string[];
  readonly rootDeviceType: 'ebs' | 'instance-store';
  /** The AWS service that manages the instance (EKS Auto Mode, …), which then refuses changes. */
  readonly managedBy?: string;
  /** Present where it lets traffic of others through: a NAT instance, a router, a firewall. */
  readonly forwardsTraffic?: true;
  readonly instanceProfileArn?: string;
  readonly metadataService: 'enabled' | 'disabled';
  readonly metadataTags: boolean;
  /** With the branch interfaces of its trunks, which belong to pods or tasks on it. */
  readonly networkInterfaces: readonly NetworkInterface[];
  /** Why the branch interfaces of its trunks could not be read, in words. */
  readonly branchesUnread?: string;
  readonly volumes: readonly Volume[];
  readonly protection: Protection;
  readonly tags: Readonly<Record<string, string>>;
}

/** The instance's place in an Auto Scaling group. */
export interface Membership {
  readonly groupName: string;
  readonly lifecycleState: string;
  readonly protectedFromScaleIn: boolean;
  readonly targetGroupArns: readonly string[];
  readonly loadBalancerNames: readonly string[];
  /** Target groups of VPC Lattice, which the group registers its instances with. */
  readonly latticeTargetGroups?: readonly string[];
  /** The members when Cordon came; who is new afterwards is the replacement. */
  readonly instanceIds?: readonly string[];
  readonly sizes?: { readonly minimum: number; readonly desired: number; readonly maximum: number };
  /** Processes of the group that somebody had suspended before. */
  readonly suspendedProcesses?: readonly string[];
}

/** Membership as far as it could be read: a denied call must not look like "in no group". */
export type MembershipReading =
  | { readonly known: true; readonly membership?: Membership }
  | { readonly known: false; readonly why: string };

/** The world as it was when Cordon came, logged before the first change. */
export interface Before {
  readonly instance: Instance;
  readonly autoScaling: MembershipReading;
  /** Cordon's own groups in the VPCs of the account, with their rules as read. */
  readonly groups: readonly SecurityGroup[];
  /** True: every interface that can be moved was found isolated, so this case has been here. */
  readonly repeat: boolean;
  /** What a person has given back of the open case, where the seal of its trail says so. */
  readonly givenBack?: readonly Phase[];
  /** What is known of the world before the case; absent: it is as it was found. */
  readonly recollection?: Recollection;
  readonly readAt: string;
}

/** A registration of the instance with a load balancer's target group, whatever its health. */
export interface Registration {
  readonly targetGroupArn: string;
  /** The instance id, or an address of one of its interfaces. */
  readonly targetId: string;
  readonly port: number;
  /** Set where the target was registered for one zone, or for `all`. */
  readonly zone?: string;
  /** The Auto Scaling group registered it: attaching the instance again restores it. */
  readonly viaAutoScaling: boolean;
}

/** A registration as it was read, with what AWS says of its health. */
export interface TargetRegistration extends Registration {
  readonly state: string;
}

/** The interfaces that AWS lets anyone but itself move. */
export const movableInterfaces = (instance: Instance): readonly NetworkInterface[] =>
  instance.networkInterfaces.filter((networkInterface) => !networkInterface.requesterManaged);

/**
 * The before-state as the log may have it: of tags that are not Cordon's only the keys. Their values
 * are somebody else's words, and may be secrets.
 */
export const withoutForeignTags = (before: Before): Before => ({
  ...before,
  instance: {
    ...before.instance,
    tags: Object.fromEntries(
      Object.entries(before.instance.tags).map(([key, value]) => [
        key,
        key.startsWith('cordon:') ? value : '…',
      ]),
    ),
  },
});
