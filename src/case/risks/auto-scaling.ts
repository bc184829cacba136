import { command, option } from '../command.ts';
import { cordonCommand } from '../cordon-command.ts';
import type { ResidualRisk } from '../risk.ts';

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

const resume = (groupName: string, processes: readonly string[]): string =>
  command([
    ...['aws', 'autoscaling', 'resume-processes'],
    ...option('--auto-scaling-group-name', groupName),
    ...['--scaling-processes', ...processes],
  ]);

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
  remedy: `Detach the instance as soon as the group allows it${own.length === 0 ? '.' : `, then: ${resume(groupName, own)}`}`,
});

/** A group may have replaced many meanwhile: the command for the first says how to look at the others. */
const lookAt = (region: string, [instanceId]: readonly string[]): string =>
  instanceId === undefined
    ? ''
    : ` Look at the replacement: ${cordonCommand('triage', { instanceId, region })}`;

/** Who took the instance's place, made of what the attacker may have come in by. */
export const replacementStarted = (
  groupName: string,
  region: string,
  instanceIds: readonly string[],
  launching: boolean,
): ResidualRisk => ({
  risk: 'replacement-from-same-template',
  explanation: launching
    ? `The Auto Scaling group ${groupName} replaces the instance${instanceIds.length > 0 ? ` by ${instanceIds.join(', ')}` : ' in a moment'}, started from the same template: what let the attacker in may be there as well.`
    : `The process Launch of the Auto Scaling group ${groupName} is suspended: nothing replaces the instance, and the service has one instance less.`,
  remedy: launching
    ? `Find out how the attacker came in, mend the image or launch template, then refresh the group.${lookAt(region, instanceIds)}`
    : `Resume Launch, or raise capacity by hand, if the service needs it.`,
});

/** Traffic that comes in past the load balancers that Cordon knows. */
export const latticeTargets = (targetGroups: readonly string[]): ResidualRisk => ({
  risk: 'vpc-lattice-targets',
  explanation: `The Auto Scaling group registers its instances with VPC Lattice (${targetGroups.join(', ')}); leaving the group takes the instance out, and Cordon does not read that back.`,
  remedy: 'Look at the targets: aws vpc-lattice list-targets --target-group-identifier <id>',
});
