import { caseTag, instanceTag } from './keys.ts';
import { tagValue } from './tag-value.ts';

/** On every snapshot at creation; AWS gives one set of tags to all snapshots of a call. */
export const snapshotTags = (caseId: string, instanceId: string): Record<string, string> => ({
  [caseTag]: tagValue(caseId),
  [instanceTag]: instanceId,
});

/** On each snapshot afterwards. */
export const snapshotVolumeTags = (
  volumeId: string,
  device: string | undefined,
): Record<string, string> => ({
  'cordon:volume': volumeId,
  ...(device === undefined ? {} : { 'cordon:device': tagValue(device) }),
});
