import type { Before, TargetRegistration } from './before.ts';
import { movableInterfaces } from './before.ts';
import type { Case } from './case.ts';
import { shellWord } from './shell-word.ts';

/** What is known of the world before the case, as far as the steps got. */
export interface UndoKnowledge {
  readonly before: Before;
  readonly originals: Readonly<Record<string, readonly string[]>>;
  readonly targets: readonly TargetRegistration[];
  readonly loadBalancers: readonly string[];
  /** How Cordon took the instance out of its Auto Scaling group; `none`: it did not. */
  readonly left?: 'detach' | 'standby' | 'suspended' | 'none';
  /** Processes of the group that Cordon suspended. */
  readonly suspendedProcesses?: readonly string[];
  /** What the steps beyond the groups changed, each with the command that gives it back. */
  readonly reinforcements?: readonly string[];
}

const zoneOf = (target: TargetRegistration): string =>
  target.zone === undefined ? '' : `,AvailabilityZone=${target.zone}`;

const networkCommands = (region: string, { before, originals }: UndoKnowledge): string[] =>
  movableInterfaces(before.instance).flatMap(({ id }) => {
    const groups = originals[id];
    return groups === undefined || groups.length === 0
      ? []
      : [
          `aws ec2 modify-network-interface-attribute --region ${region} --network-interface-id ${id} --groups ${groups.join(' ')}`,
        ];
  });

const protectionCommands = (region: string, { before }: UndoKnowledge): string[] => {
  const { id, protection, volumes } = before.instance;
  const modify = `aws ec2 modify-instance-attribute --region ${region} --instance-id ${id}`;
  const deletable = volumes
    .filter((volume) => volume.deleteOnTermination)
    .map((volume) => `{"DeviceName":"${volume.device}","Ebs":{"DeleteOnTermination":true}}`);
  return [
    ...(protection.termination === false ? [`${modify} --no-disable-api-termination`] : []),
    ...(protection.stop === false ? [`${modify} --no-disable-api-stop`] : []),
    ...(protection.shutdownBehavior === 'terminate'
      ? [`${modify} --instance-initiated-shutdown-behavior terminate`]
      : []),
    ...(deletable.length > 0
      ? [`${modify} --block-device-mappings ${shellWord(`[${deletable.join(',')}]`)}`]
      : []),
  ];
};

/** Back into the group; attaching raises the desired capacity, which may meet the maximum. */
const groupCommands = (region: string, knowledge: UndoKnowledge): string[] => {
  const { before, left = 'detach', suspendedProcesses = [] } = knowledge;
  const membership = before.autoScaling.known ? before.autoScaling.membership : undefined;
  if (membership === undefined || left === 'none') return [];
  const name = `--auto-scaling-group-name ${shellWord(membership.groupName)}`;
  const instance = `--instance-ids ${before.instance.id}`;
  const { sizes } = membership;
  const full = sizes !== undefined && sizes.desired >= sizes.maximum;
  const room = full ? [`# The group is at its maximum of ${sizes.maximum}: raise it first.`] : [];
  if (left === 'suspended') {
    return suspendedProcesses.length === 0
      ? []
      : [
          `aws autoscaling resume-processes --region ${region} ${name} --scaling-processes ${suspendedProcesses.join(' ')}`,
        ];
  }
  return left === 'standby'
    ? [...room, `aws autoscaling exit-standby --region ${region} ${instance} ${name}`]
    : [...room, `aws autoscaling attach-instances --region ${region} ${instance} ${name}`];
};

const balancingCommands = (region: string, knowledge: UndoKnowledge): string[] => {
  const { before, targets, loadBalancers } = knowledge;
  const membership = before.autoScaling.known ? before.autoScaling.membership : undefined;
  return [
    ...groupCommands(region, knowledge),
    ...targets
      .filter((target) => !target.viaAutoScaling)
      .map(
        (target) =>
          `aws elbv2 register-targets --region ${region} --target-group-arn ${target.targetGroupArn} --targets Id=${target.targetId},Port=${target.port}${zoneOf(target)}`,
      ),
    ...loadBalancers
      .filter((name) => membership?.loadBalancerNames.includes(name) !== true)
      .map(
        (name) =>
          `aws elb register-instances-with-load-balancer --region ${region} --load-balancer-name ${shellWord(name)} --instances ${before.instance.id}`,
      ),
  ];
};

/**
 * The steps, as commands, that give a false alarm its server back: protection first (so that the
 * group may manage the instance again), the network next, load balancers last.
 */
export const undoSteps = ({ region, instanceId }: Case, knowledge?: UndoKnowledge): string => {
  const fromTags = `The tags cordon:before:* of ${instanceId} and cordon:original-groups of its network interfaces say what to restore.`;
  if (knowledge === undefined) return fromTags;
  const commands = [
    ...(knowledge.before.repeat ? [] : protectionCommands(region, knowledge)),
    ...networkCommands(region, knowledge),
    ...(knowledge.reinforcements ?? []),
    ...(knowledge.before.repeat ? [] : balancingCommands(region, knowledge)),
  ];
  if (commands.length === 0) return fromTags;
  // First of all: what watches over open cases must not take the undo for drift.
  const released = `aws ec2 create-tags --region ${region} --resources ${instanceId} --tags Key=cordon:status,Value=released`;
  return [released, ...commands, ...(knowledge.before.repeat ? [`# ${fromTags}`] : [])].join('\n');
};
