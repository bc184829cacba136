import { DeleteSnapshotCommand, DeleteVolumeCommand } from '@aws-sdk/client-ec2';
import { codeOf, inWords, isUnavailable } from '../../../aws/errors.ts';
import type { Progress } from '../../collector.ts';
import type { Stage, StageDeps, Work } from '../work.ts';

/** Deletes one thing that is no evidence; gives its id where it stays. */
const remove = async (
  { log }: StageDeps,
  id: string | undefined,
  send: (id: string) => Promise<unknown>,
): Promise<readonly string[]> => {
  if (id === undefined) return [];
  try {
    await send(id);
    return [];
  } catch (error) {
    if (/NotFound$/.test(codeOf(error))) return [];
    if (isUnavailable(error)) throw error;
    log.warn('what is no evidence could not be deleted', { id, error: inWords(error) });
    return [id];
  }
};

const endOf = ({ trouble, verdict }: Work): Progress => {
  if (trouble !== undefined) {
    const kept = verdict === undefined ? '' : ` ${verdict.sentence}`;
    return { outcome: 'failed', sentence: `${trouble}${kept}` };
  }
  return {
    outcome: verdict?.accepted === true ? 'done' : 'failed',
    sentence: verdict?.sentence ?? 'The image was not judged.',
  };
};

/**
 * Deletes both volumes and the snapshot of the blank one, once the image lies in its own snapshot, or
 * nothing was ever written. The snapshot of the image is evidence, and stays.
 */
export const clean: Stage = async (deps, _, work) => {
  const { ec2 } = deps.clients;
  const volume = (VolumeId: string) => ec2.send(new DeleteVolumeCommand({ VolumeId }));
  const left = [
    ...(await remove(deps, work.imageVolumeId, volume)),
    ...(await remove(deps, work.toolsVolumeId, volume)),
    ...(await remove(deps, work.blankSnapshotId, (SnapshotId) =>
      ec2.send(new DeleteSnapshotCommand({ SnapshotId })),
    )),
  ];
  const end = endOf(work);
  if (left.length === 0) return end;
  const sentence = `${end.sentence} Delete ${left.join(' and ')} by hand: they are no evidence.`;
  return { ...end, sentence } as Progress;
};
