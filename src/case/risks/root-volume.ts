import { command, option } from '../command.ts';
import type { ResidualRisk } from '../risk.ts';

const cancel = (groupName: string): string =>
  command([
    ...['aws', 'autoscaling', 'cancel-instance-refresh'],
    ...option('--auto-scaling-group-name', groupName),
  ]);

/**
 * An instance refresh is exchanging the root volume of the running instance. The group deletes the
 * former one when it is done, and terminates the instance when that fails
 * (https://docs.aws.amazon.com/autoscaling/ec2/userguide/replace-root-volume.html).
 */
export const rootVolumeReplacing = (groupName: string, lifecycleState: string): ResidualRisk => ({
  risk: 'root-volume-replaced',
  explanation: `An instance refresh of the Auto Scaling group ${groupName} exchanges the root volume of the running instance (${lifecycleState}); no protection prevents that. The group deletes the former volume, so the snapshot of the root volume may be of the new one.`,
  remedy: `Stop the refresh: ${cancel(groupName)} Then look for the former root volume and its older snapshots, in the Recycle Bin as well.`,
});

/**
 * A member that did not leave is still within reach of an instance refresh, which may terminate what
 * stands by (preference StandbyInstances) or exchange root volumes
 * (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html).
 */
export const refreshMayReplace = (groupName: string): ResidualRisk => ({
  risk: 'instance-refresh-may-replace',
  explanation: `The instance is still a member of the Auto Scaling group ${groupName}: an instance refresh may terminate it or exchange its root volume, whatever its protections say.`,
  remedy: `Start no instance refresh while the case is open; stop one that runs: ${cancel(groupName)}`,
});
