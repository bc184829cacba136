import type { EC2Client } from '@aws-sdk/client-ec2';
import { instanceTag } from '../../record/trail/keys.ts';
import { readLifecycleState, readMembership } from '../auto-scaling.ts';
import type { Clients } from '../clients.ts';
import type { ProtectionReader } from '../instance.ts';
import { readInstance } from '../instance.ts';
import { readClassic, readTargetGroups, readTargets } from '../load-balancers.ts';
import { readScheduledEvents } from '../scheduled-events.ts';
import { readCordonGroups, readGroupsById } from '../security-groups.ts';
import { readConnectEndpoints, readSerialConsole } from '../side-doors.ts';
import { readTaggedSnapshots } from '../snapshots.ts';
import { readTags } from '../tags.ts';
import { liveNetworkReader } from './live-network-reader.ts';
import type { Ec2Reader, Reader } from './reader.ts';

const liveEc2Reader = (ec2: EC2Client, protectionOf?: ProtectionReader): Ec2Reader => ({
  ...liveNetworkReader(ec2),
  instance: (instanceId, region) => readInstance(ec2, instanceId, region, protectionOf),
  cordonGroups: () => readCordonGroups(ec2),
  groups: (ids) => readGroupsById(ec2, ids),
  tags: (resourceIds) => readTags(ec2, resourceIds),
  snapshots: (instanceId) => readTaggedSnapshots(ec2, instanceTag, instanceId),
  scheduledEvents: (instanceId) => readScheduledEvents(ec2, instanceId),
  connectEndpoints: (vpcIds) => readConnectEndpoints(ec2, vpcIds),
  serialConsole: () => readSerialConsole(ec2),
});

/**
 * Asks AWS each time: what one case is read back from.
 *
 * @param protectionOf at once, unless whoever reads many instances keeps a pace.
 */
export const liveReader = (
  {
    ec2,
    autoScaling,
    loadBalancingV2,
    loadBalancing,
  }: Pick<Clients, 'ec2' | 'autoScaling' | 'loadBalancingV2' | 'loadBalancing'>,
  protectionOf?: ProtectionReader,
): Reader => ({
  ec2: liveEc2Reader(ec2, protectionOf),
  autoScaling: {
    lifecycleState: (instanceId) => readLifecycleState(autoScaling, instanceId),
    membership: (instanceId) => readMembership(autoScaling, instanceId),
  },
  loadBalancing: {
    targetGroups: () => readTargetGroups(loadBalancingV2),
    targets: (targetGroupArn) => readTargets(loadBalancingV2, targetGroupArn),
    classicLoadBalancers: () => readClassic(loadBalancing),
  },
});
