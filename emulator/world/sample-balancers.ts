import {
  CreateLoadBalancerCommand as CreateClassicLoadBalancerCommand,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { SampleNetwork } from './sample-network.ts';
import type { WorldClients } from './world-clients.ts';

/** The target groups of the sample world, by what is registered with them. */
export interface SampleTargetGroups {
  /** The Auto Scaling group's own. */
  readonly web: string;
  /** The instance on another port than the group's. */
  readonly override: string;
  /** An address of the second interface. */
  readonly address: string;
}

const createTargetGroup = async (
  { loadBalancingV2 }: WorldClients,
  vpcId: string,
  name: string,
  port: number,
  targetType: 'instance' | 'ip',
): Promise<string> => {
  const { TargetGroups } = await loadBalancingV2.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: 'HTTP',
      Port: port,
      VpcId: vpcId,
      TargetType: targetType,
    }),
  );
  return TargetGroups?.[0]?.TargetGroupArn ?? '';
};

const createBalancer = async (
  { loadBalancingV2 }: WorldClients,
  { subnetIds, webGroupId }: SampleNetwork,
  targetGroupArns: readonly string[],
): Promise<void> => {
  const { LoadBalancers } = await loadBalancingV2.send(
    new CreateLoadBalancerCommand({
      Name: 'web',
      Subnets: [...subnetIds],
      SecurityGroups: [webGroupId],
    }),
  );
  await Promise.all(
    targetGroupArns.map((targetGroupArn, index) =>
      loadBalancingV2.send(
        new CreateListenerCommand({
          LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
          Protocol: 'HTTP',
          Port: 80 + index,
          DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
        }),
      ),
    ),
  );
};

/** A classic load balancer with these instances; its name. */
export const createClassic = async (
  { loadBalancing }: WorldClients,
  { subnetIds }: SampleNetwork,
  instanceIds: readonly string[],
): Promise<string> => {
  const LoadBalancerName = 'web-classic';
  await loadBalancing.send(
    new CreateClassicLoadBalancerCommand({
      LoadBalancerName,
      Subnets: [...subnetIds],
      Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 80 }],
    }),
  );
  await loadBalancing.send(
    new RegisterInstancesWithLoadBalancerCommand({
      LoadBalancerName,
      Instances: instanceIds.map((InstanceId) => ({ InstanceId })),
    }),
  );
  return LoadBalancerName;
};

/** The target groups, each behind a listener of one load balancer. */
export const createTargetGroups = async (
  clients: WorldClients,
  network: SampleNetwork,
): Promise<SampleTargetGroups> => {
  const { vpcId } = network;
  const [web, override, address] = await Promise.all([
    createTargetGroup(clients, vpcId, 'web', 80, 'instance'),
    createTargetGroup(clients, vpcId, 'web-admin', 80, 'instance'),
    createTargetGroup(clients, vpcId, 'web-direct', 8443, 'ip'),
  ]);
  await createBalancer(clients, network, [web, override, address]);
  return { web, override, address };
};

/** Registers both instances on another port, and the address of a second interface, if there is one. */
export const register = async (
  { loadBalancingV2 }: WorldClients,
  { override, address }: SampleTargetGroups,
  instanceIds: readonly string[],
  secondAddress: string | undefined,
): Promise<void> => {
  await loadBalancingV2.send(
    new RegisterTargetsCommand({
      TargetGroupArn: override,
      Targets: instanceIds.map((Id) => ({ Id, Port: 9000 })),
    }),
  );
  if (secondAddress === undefined) return;
  await loadBalancingV2.send(
    new RegisterTargetsCommand({
      TargetGroupArn: address,
      Targets: [{ Id: secondAddress, Port: 8443 }],
    }),
  );
};
