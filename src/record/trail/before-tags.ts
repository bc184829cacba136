import { isLeast } from '../../actions/idle-timeouts/least.ts';
import type { Before, NetworkInterface, Volume } from '../../case/before.ts';
import { defined } from '../../case/defined.ts';
import type { Former } from '../../case/former.ts';
import { beforeIdleTimeoutsTag, writeIdleTimeouts } from './before-idle-timeouts.ts';
import { beforeMembershipTag, writeMembership } from './before-membership.ts';
import { beforeProfileTag, writeProfile } from './before-profile.ts';
import { beforeProtectTag, writeProtect } from './before-protect.ts';
import { beforeVolumeTag, writeVolume } from './before-volume.ts';
import { caseTag, foundGroupsTag, isBeforeKey, sealTag, stale } from './keys.ts';
import { originalGroupsTags } from './original-groups.ts';
import { formerOf } from './recall.ts';
import { numberedIn } from './registration-tags.ts';
import { tagValue } from './tag-value.ts';
import type { Tags } from './tags.ts';

/** Tags, and what no tag can hold as it is: that is in the log and the journal alone. */
export interface WritableTags {
  readonly tags: Tags;
  readonly unfit: readonly string[];
}

const writable = (entries: readonly (readonly [string, string | undefined])[]): WritableTags => ({
  tags: Object.fromEntries(
    entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  ),
  unfit: entries.flatMap(([key, value]) => (value === undefined ? [key] : [])),
});

/** What describe knows of the instance before the case, most important first. */
export const instanceBeforeTags = ({
  protection,
  metadataService,
  instanceProfileArn,
  membership,
}: Former): WritableTags =>
  writable([
    ...(protection === undefined
      ? []
      : [
          [
            beforeProtectTag,
            writeProtect({
              ...protection,
              ...defined({ metadataService }),
            }),
          ] as const,
        ]),
    ...(membership === undefined
      ? []
      : [[beforeMembershipTag, writeMembership(membership)] as const]),
    ...(instanceProfileArn === undefined
      ? []
      : [[beforeProfileTag, writeProfile(instanceProfileArn)] as const]),
  ]);

const withoutNumbered = (present: Tags): Tags => {
  const numbered = numberedIn(present);
  return Object.fromEntries(Object.entries(present).filter(([key]) => numbered[key] === undefined));
};

/**
 * Before-values of an older case, or of others, which this case does not have. Registrations are
 * numbered by the step that takes them away, and by nobody else.
 */
export const staleTags = (present: Tags, wanted: Tags): Tags =>
  Object.fromEntries(
    Object.entries(withoutNumbered(present))
      .filter(
        ([key, value]) =>
          (isBeforeKey(key) ||
            key.startsWith('cordon:step:') ||
            key === foundGroupsTag ||
            key === sealTag) &&
          value !== stale &&
          wanted[key] === undefined,
      )
      .map(([key]) => [key, stale]),
  );

const onlyNews = (wanted: Tags, present: Tags): Tags =>
  Object.fromEntries(Object.entries(wanted).filter(([key, value]) => present[key] !== value));

const isFirstRun = ({ recollection }: Before): boolean =>
  (recollection?.standing ?? 'first') === 'first';

/** What an interface is to say of the case and of the time before it. */
const interfaceValues = (caseId: string, before: Before, one: NetworkInterface): Tags => {
  const { recollection } = before;
  const originals = formerOf(before).interfaces[one.id]?.groups ?? [];
  // Whose group it was found in, and who says so, is all that is known of it.
  if (originals.length === 0) return {};
  const found = recollection?.found[one.id];
  const timeouts = formerOf(before).interfaces[one.id]?.idleTimeouts ?? one.idleTimeouts ?? {};
  return {
    [caseTag]: tagValue(caseId),
    ...originalGroupsTags(originals),
    // Lowered after everything else, and remembered now: the seal is written before.
    ...(isLeast(timeouts) ? {} : { [beforeIdleTimeoutsTag]: writeIdleTimeouts(timeouts) }),
    ...(found === undefined ? {} : { [foundGroupsTag]: tagValue(found.join(' ')) }),
  };
};

/** Tags for an interface: the case and its original groups; none if it has all of them already. */
export const interfaceTags = (caseId: string, before: Before, one: NetworkInterface): Tags => {
  const { cordonTags = {} } = one;
  const wanted = interfaceValues(caseId, before, one);
  if (Object.keys(wanted).length === 0) return {};
  const old = isFirstRun(before) ? staleTags(cordonTags, wanted) : {};
  return onlyNews({ ...wanted, ...old }, cordonTags);
};

const volumeValues = (caseId: string, before: Before, volume: Volume): Tags => {
  const former = formerOf(before).volumes.find(({ id }) => id === volume.id) ?? volume;
  const value = writeVolume(former);
  return {
    [caseTag]: tagValue(caseId),
    ...(value === undefined ? {} : { [beforeVolumeTag]: value }),
  };
};

/** Tags for a volume, written before DeleteOnTermination is switched off: `<device> delete=1`. */
export const volumeTags = (caseId: string, before: Before, volume: Volume): Tags => {
  const wanted = volumeValues(caseId, before, volume);
  const { cordonTags = {} } = volume;
  const old = isFirstRun(before) ? staleTags(cordonTags, wanted) : {};
  return onlyNews({ ...wanted, ...old }, cordonTags);
};

/**
 * What this run can vouch for of its interfaces: in the first run of a case everything, because it
 * has found it in AWS itself; in a later one only what it writes anew.
 */
export const vouchedInterfaceTags = (
  caseId: string,
  before: Before,
  one: NetworkInterface,
): Tags =>
  isFirstRun(before) ? interfaceValues(caseId, before, one) : interfaceTags(caseId, before, one);

/** The same of a volume. */
export const vouchedVolumeTags = (caseId: string, before: Before, volume: Volume): Tags =>
  isFirstRun(before) ? volumeValues(caseId, before, volume) : volumeTags(caseId, before, volume);
