import type { Volume } from '../case/before.ts';
import { caseTag, instanceTag } from './instance-tags.ts';
import { tagValue } from './tag-value.ts';

/** On each volume, before DeleteOnTermination is switched off: `<device> delete=1`. */
export const volumeTags = (caseId: string, volume: Volume): Record<string, string> => ({
  [caseTag]: tagValue(caseId),
  'cordon:before:dot': tagValue(`${volume.device} delete=${volume.deleteOnTermination ? 1 : 0}`),
});

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
