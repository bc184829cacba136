import type { Volume } from '@aws-sdk/client-ec2';
import { DetachVolumeCommand } from '@aws-sdk/client-ec2';
import { codeOf } from '../../../aws/errors.ts';
import { EvidenceNotCollectedError } from '../../../case/errors.ts';
import { readVolumes } from '../case-volumes.ts';
import type { Stage, StageDeps, Work } from '../work.ts';
import { lookAgain, onTo } from '../work.ts';

/** Ten minutes pass before a volume is taken by force, and as many afterwards. */
const looksBeforeForce = 60;
const mostLooks = 120;

const detachOne = async (
  { clients }: StageDeps,
  { origin }: Work,
  { VolumeId, Attachments = [] }: Volume,
  Force: boolean,
): Promise<void> => {
  const here = Attachments.find(({ InstanceId }) => InstanceId === origin.instanceId);
  if (here === undefined || (here.State === 'detaching' && !Force)) return;
  try {
    await clients.ec2.send(
      new DetachVolumeCommand({
        VolumeId,
        InstanceId: origin.instanceId,
        ...(Force ? { Force: true } : {}),
      }),
    );
  } catch (error) {
    if (codeOf(error) !== 'IncorrectState') throw error;
  }
};

/** Where it goes on, once the instance has neither volume any more. */
const after = ({ clock }: StageDeps, work: Work) =>
  work.wrote === true
    ? onTo(
        'snapshot',
        { ...work, detachedAt: clock.now().toISOString() },
        'Both volumes are detached.',
      )
    : onTo('clean', work, 'Both volumes are detached; nothing was written.');

/**
 * Detaches both volumes. By force only after ten minutes, which is recorded: what the host has not
 * written out by then is lost (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-detaching-volume.html).
 */
export const detach: Stage = async (deps, _, work) => {
  const volumes = await readVolumes(deps.clients.ec2, work);
  if (volumes.every(({ State }) => State !== 'in-use')) return after(deps, work);
  if (work.looks >= mostLooks) {
    throw new EvidenceNotCollectedError(
      `The instance does not give back ${volumes.map(({ VolumeId }) => VolumeId).join(' and ')}: detach them by hand.`,
    );
  }
  const force = work.looks >= looksBeforeForce;
  for (const volume of volumes) await detachOne(deps, work, volume, force);
  const forcedAt = work.forcedAt ?? deps.clock.now().toISOString();
  return lookAgain(force ? { ...work, forcedAt } : work, 10, 'The volumes are being detached.');
};
