import { ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import type { Deps } from '../../aws/clients.ts';
import { inWords, isUnavailable } from '../../aws/errors.ts';
import { sweep } from '../../aws/sweep.ts';
import type { Volume } from '../../case/before.ts';
import { AwsUnavailableError, ProtectionIncompleteError } from '../../case/errors.ts';

const switchOff = (
  { clients }: Deps<'ec2'>,
  instanceId: string,
  volumes: readonly Volume[],
  dryRun: boolean,
): Promise<unknown> =>
  clients.ec2.send(
    new ModifyInstanceAttributeCommand({
      InstanceId: instanceId,
      // The value always: without it AWS takes true.
      BlockDeviceMappings: volumes.map(({ device, id }) => ({
        DeviceName: device,
        Ebs: { VolumeId: id, DeleteOnTermination: false },
      })),
      ...(dryRun ? { DryRun: true } : {}),
    }),
  );

/** How many volumes are asked for at once; the account has 50 such calls, and 5 more a second. */
const width = 5;

/**
 * No volume is deleted with the instance: DeleteOnTermination off for all of them by one call, or one
 * by one where AWS refuses the call, as it does when one of them was detached meanwhile.
 *
 * @throws ProtectionIncompleteError when some were refused; all others are kept, and it names them.
 * @throws AwsUnavailableError when that was for load; else what EC2 answered.
 */
export const keepVolumes = async (
  deps: Deps<'ec2'>,
  instanceId: string,
  volumes: readonly Volume[],
  dryRun: boolean,
): Promise<void> => {
  try {
    await switchOff(deps, instanceId, volumes, dryRun);
  } catch (error) {
    if (dryRun || volumes.length === 1 || isUnavailable(error)) throw error;
    const refused = await sweep(
      volumes,
      async (volume) => {
        await switchOff(deps, instanceId, [volume], false);
      },
      width,
    );
    // Refused together, accepted one by one: nothing is missing.
    if (refused.length === 0) return;
    // One answer for all says more than itself repeated.
    if (refused.length === volumes.length) throw error;
    const Failure = refused.some((one) => isUnavailable(one.error))
      ? AwsUnavailableError
      : ProtectionIncompleteError;
    const words = refused.map(
      (one) => `${one.item.id} at ${one.item.device}, ${inWords(one.error)}`,
    );
    throw new Failure(
      `${volumes.length - refused.length} of ${volumes.length} volumes are kept when the instance is terminated; not ${words.join('; ')}`,
      { cause: refused[0]?.error },
    );
  }
};
