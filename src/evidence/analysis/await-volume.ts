import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Clock } from '../../aws/clock.ts';
import type { FoundVolume } from '../../aws/made-volumes.ts';
import { readVolume } from '../../aws/made-volumes.ts';
import { AnalysisIncompleteError } from '../../case/errors.ts';

/** Between two looks, and the longest that is waited, in milliseconds. */
const between = 2_000;
const longest = 300_000;

/** How long EC2 may not know a volume that it has just made, in milliseconds. */
const unknownFor = 20_000;

export interface Waiting {
  readonly ec2: EC2Client;
  readonly clock: Clock;
}

/**
 * Looks at a volume until it is as it should be; undefined is a volume that is gone.
 *
 * @throws AnalysisIncompleteError after five minutes, or where EBS could not make it.
 */
export const awaitVolume = async (
  { ec2, clock }: Waiting,
  volumeId: string,
  is: (volume: FoundVolume | undefined) => boolean,
  otherwise: string,
): Promise<FoundVolume | undefined> => {
  const until = clock.now().getTime() + longest;
  let wasThere = false;
  for (;;) {
    const volume = await readVolume(ec2, volumeId);
    if (is(volume)) return volume;
    // EBS looks at the key after it has answered
    // (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html).
    if (volume?.state === 'error' || (wasThere && volume === undefined)) {
      throw new AnalysisIncompleteError(
        `${volumeId} is ${volume?.state ?? 'gone'}: EBS could not make it, most often because the key of the snapshot may not be used; allow the key, take back what is left with cordon evidence clean, and ask again.`,
      );
    }
    wasThere ||= volume !== undefined;
    if (clock.now().getTime() >= until) {
      const shown = volume?.attachments[0]?.state ?? volume?.state ?? 'not known to EC2';
      throw new AnalysisIncompleteError(
        `${volumeId} is ${shown} after ${longest / 60_000} minutes: ${otherwise}`,
      );
    }
    await clock.sleep(between);
  }
};

/** Whether EC2 goes on not knowing a volume: it was deleted. */
export const isGoneForGood = async (
  { ec2, clock }: Waiting,
  volumeId: string,
): Promise<boolean> => {
  const until = clock.now().getTime() + unknownFor;
  for (;;) {
    const volume = await readVolume(ec2, volumeId);
    if (volume !== undefined) return volume.state === 'deleting' || volume.state === 'deleted';
    if (clock.now().getTime() >= until) return true;
    await clock.sleep(between);
  }
};
