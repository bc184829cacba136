import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Instance, MembershipReading } from '../../case/before.ts';
import type { VpcEndpoint } from '../../case/forensic-access.ts';
import type { Neighbour } from '../../case/neighbour.ts';
import type { ScheduledEvent } from '../../case/risks/scheduled-events.ts';
import type { RouteTable } from '../../case/route-table.ts';
import type { SecurityGroup } from '../../case/security-group.ts';
import type { LifecycleState } from '../auto-scaling.ts';
import type { ClassicLoadBalancer, TargetGroup } from '../load-balancers.ts';
import type { FoundSnapshot } from '../snapshots.ts';

/** Tags by the resource that bears them. */
export type TagsOfResources = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Whether what a reader hands out is of this moment. */
interface Dated {
  /**
   * The moment, in ISO 8601, at which the reading began that is handed out again and again; what
   * changed after it may be missing. Undefined: AWS is asked each time.
   */
  readonly begunAt?: string;
}

/** What the VPCs of a case tell of the ways through them. */
export interface NetworkReader {
  routeTables(vpcIds: readonly string[]): Promise<readonly RouteTable[]>;
  vpcEndpoints(vpcIds: readonly string[]): Promise<readonly VpcEndpoint[]>;
  /** The interfaces in the VPCs whose flows AWS tracks on its own. */
  neighbours(vpcIds: readonly string[]): Promise<readonly Neighbour[]>;
}

/** What EC2 tells of a case. Every function throws what EC2 answers where it cannot be read. */
export interface Ec2Reader extends Dated, NetworkReader {
  /** @throws InstanceNotFoundError when EC2 does not know the id (any more). */
  instance(instanceId: string, region: string): Promise<Instance>;
  /** The groups that bear names of Cordon's. */
  cordonGroups(): Promise<readonly SecurityGroup[]>;
  /** The groups with these ids; those that are gone are left out. */
  groups(ids: readonly string[]): Promise<readonly SecurityGroup[]>;
  tags(resourceIds: readonly string[]): Promise<TagsOfResources>;
  /** The snapshots whose tag names the instance. */
  snapshots(instanceId: string): Promise<readonly FoundSnapshot[]>;
  scheduledEvents(instanceId: string): Promise<readonly ScheduledEvent[]>;
  /** The ids of the EC2 Instance Connect endpoints in the VPCs. */
  connectEndpoints(vpcIds: readonly string[]): Promise<readonly string[]>;
  /** Whether the account lets anybody to the serial consoles of its instances. */
  serialConsole(): Promise<boolean>;
}

/** What Auto Scaling tells of a case. */
export interface AutoScalingReader extends Dated {
  /** Undefined: in no group. */
  lifecycleState(instanceId: string): Promise<LifecycleState | undefined>;
  membership(instanceId: string): Promise<MembershipReading>;
}

/** What the load balancers of the Region have registered, whosever it is. */
export interface LoadBalancingReader extends Dated {
  targetGroups(): Promise<readonly TargetGroup[]>;
  /** A group that is gone has no targets. */
  targets(targetGroupArn: string): Promise<readonly TargetHealthDescription[]>;
  classicLoadBalancers(): Promise<readonly ClassicLoadBalancer[]>;
}

/**
 * Where a case is read back from: AWS itself for one case, or what one check has read for all of its
 * cases. Whoever reads a case back does not know which.
 */
export interface Reader {
  readonly ec2: Ec2Reader;
  readonly autoScaling: AutoScalingReader;
  readonly loadBalancing: LoadBalancingReader;
}
