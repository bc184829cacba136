import type { Settings } from '../../settings/settings.ts';
import type { EvidenceKind } from '../kind.ts';

const foreseen = ({
  snapshotLock,
  snapshotLockDays,
  forensicAccountId,
  forensicKmsKeyArn,
}: Settings): string =>
  [
    'The snapshots are followed to their end and recorded',
    ...(snapshotLock === 'none' ? [] : [`locked (${snapshotLock}) for ${snapshotLockDays} days`]),
    ...(forensicAccountId === ''
      ? []
      : [
          forensicKmsKeyArn === ''
            ? `shared with ${forensicAccountId}, unless they are under the AWS managed key: copying those needs ForensicKmsKeyArn`
            : `shared with ${forensicAccountId}, or copied for it under ${forensicKmsKeyArn}`,
        ]),
  ].join(', ');

export const snapshotsKind: EvidenceKind = {
  name: 'snapshots',
  what: 'snapshots of the volumes',
  isOptedInto: () => true,
  foresee: async ({ settings }) => ({ can: true, sentence: `${foreseen(settings)}.` }),
};
