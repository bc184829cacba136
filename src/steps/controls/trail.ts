import type { Ec2Reader } from '../../aws/readers/reader.ts';
import type { Before } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import type { Observation } from '../../case/control.ts';
import { quoted } from '../../case/quoted.ts';
import { instanceBeforeTags } from '../../record/trail/before-tags.ts';
import { beforeVolumeTag, writeVolume } from '../../record/trail/before-volume.ts';
import { caseTag, statusTag, triggerTag } from '../../record/trail/keys.ts';
import { originalGroupsTag, originalGroupsTags } from '../../record/trail/original-groups.ts';
import { formerOf } from '../../record/trail/recall.ts';
import { readRegistrationTags } from '../../record/trail/registration-tags.ts';
import type { Tags, TagsByResource } from '../../record/trail/tags.ts';

/** What an undo and an auditor need, as this run remembers it; a tag of any value where it is empty. */
const expected = (before: Before, { caseId }: Case): TagsByResource => {
  const { instance } = before;
  const former = formerOf(before);
  const ofInterfaces = movableInterfaces(instance).map(({ id }) => {
    const { groups = [] } = former.interfaces[id] ?? {};
    const originals = groups.length > 0 ? originalGroupsTags(groups) : { [originalGroupsTag]: '' };
    return [id, { [caseTag]: caseId, ...originals }] as const;
  });
  const ofVolumes = former.volumes.flatMap((volume) => {
    const value = writeVolume(volume);
    return value === undefined
      ? []
      : [[volume.id, { [caseTag]: caseId, [beforeVolumeTag]: value }] as const];
  });
  return {
    ...Object.fromEntries([...ofInterfaces, ...ofVolumes]),
    [instance.id]: {
      [caseTag]: caseId,
      [statusTag]: '',
      [triggerTag]: '',
      ...instanceBeforeTags(former).tags,
    },
  };
};

const complaint = (
  resource: string,
  key: string,
  wanted: string,
  found: string | undefined,
): string | undefined => {
  if (found === undefined) return `${key} of ${resource} is missing`;
  return wanted === '' || wanted === found
    ? undefined
    : `${key} of ${resource} says ${quoted(found)}, not ${quoted(wanted)}`;
};

/** Registrations that were remembered when this run began, and that no tag names any more. */
const lostRegistrations = (before: Before, tags: Tags): readonly string[] => {
  const { targets, loadBalancers } = readRegistrationTags(tags, before.instance);
  const former = formerOf(before);
  const there = new Set(targets.map((one) => `${one.targetGroupArn} ${one.targetId}:${one.port}`));
  return [
    ...former.targets
      .map((one) => `${one.targetGroupArn} ${one.targetId}:${one.port}`)
      .filter((one) => !there.has(one)),
    ...former.loadBalancers.filter((name) => !loadBalancers.includes(name)),
  ].map((name) => `the registration ${name} is missing`);
};

/**
 * `trail`: the tags say what this run remembers, value by value. Anybody who may tag can change
 * them, so nothing else depends on them.
 */
export const readTrailControl = async (
  ec2: Ec2Reader,
  before: Before,
  theCase: Case,
): Promise<{ readonly observations: readonly Observation[]; readonly tags: Tags }> => {
  const { instance } = before;
  const wanted = expected(before, theCase);
  const tags = await ec2.tags(Object.keys(wanted));
  const own = tags.get(instance.id) ?? {};
  const complaints = [
    ...Object.entries(wanted).flatMap(([resource, its]) =>
      Object.entries(its).flatMap(
        ([key, value]) => complaint(resource, key, value, tags.get(resource)?.[key]) ?? [],
      ),
    ),
    ...lostRegistrations(before, own),
  ];
  const holds = complaints.length === 0;
  const observed = holds
    ? `the tags of ${instance.id}, ${movableInterfaces(instance).length} interfaces and ${instance.volumes.length} volumes say what this run remembers`
    : complaints.slice(0, 10).join('; ');
  return { observations: [{ control: 'trail', holds, observed }], tags: own };
};
