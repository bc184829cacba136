import type { Before } from '../../case/before.ts';
import { beforeProtectTag } from '../../record/trail/before-protect.ts';
import {
  instanceBeforeTags,
  volumeTags,
  vouchedVolumeTags,
} from '../../record/trail/before-tags.ts';
import { caseTag } from '../../record/trail/keys.ts';
import { formerOf } from '../../record/trail/recall.ts';
import type { TagsByResource } from '../../record/trail/tags.ts';

/** What protecting changes, as it was: on the instance, and on each volume. */
export const valuesToWrite = (caseId: string, before: Before): TagsByResource => {
  const { id, tags, volumes } = before.instance;
  const { [beforeProtectTag]: protect } = instanceBeforeTags(formerOf(before)).tags;
  const told = tags[caseTag] === caseId && tags[beforeProtectTag] === protect;
  return {
    ...(protect === undefined || told
      ? {}
      : { [id]: { [caseTag]: caseId, [beforeProtectTag]: protect } }),
    ...Object.fromEntries(
      volumes.map((volume) => [volume.id, volumeTags(caseId, before, volume)] as const),
    ),
  };
};

/** The same with what the tags said already, as far as this run can vouch for it. */
export const vouchedFor = (caseId: string, before: Before): TagsByResource => ({
  ...valuesToWrite(caseId, before),
  ...Object.fromEntries(
    before.instance.volumes.map(
      (volume) => [volume.id, vouchedVolumeTags(caseId, before, volume)] as const,
    ),
  ),
});
