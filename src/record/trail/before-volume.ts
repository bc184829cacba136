import type { Volume } from '../../case/before.ts';
import { wholeTagValue } from './tag-value.ts';

export const beforeVolumeTag = 'cordon:before:dot';

/** What the tag remembers of a volume. */
export type RememberedVolume = Pick<Volume, 'device' | 'deleteOnTermination'>;

/** `<device> delete=1`; undefined where a tag cannot hold the device's name. */
export const writeVolume = ({ device, deleteOnTermination }: RememberedVolume) =>
  wholeTagValue(`${device} delete=${deleteOnTermination ? 1 : 0}`);

/** What the tag says; undefined for a value of another form. */
export const readVolume = (value: string): RememberedVolume | undefined => {
  const [, device, bit] = /^(\S.*) delete=([01])$/s.exec(value) ?? [];
  return device === undefined ? undefined : { device, deleteOnTermination: bit === '1' };
};
