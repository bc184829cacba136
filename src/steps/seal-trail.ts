import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import { readTags, writeTags } from '../aws/tags.ts';
import type { Before } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import { rememberInJournal } from '../engine/remember.ts';
import { caseTagsOfAcl, isAcl, tagsOnAcl } from '../trail/acl-trail.ts';
import { sealTag, stale } from '../trail/keys.ts';
import { issueSeal } from '../trail/seal/issue-seal.ts';
import { sealSubject } from '../trail/seal/seal-subject.ts';
import type { TrailKey } from '../trail/seal/trail-key.ts';
import type { Tags, TagsByResource } from '../trail/tags.ts';

/** The trail waits no longer for its seals, in milliseconds. */
const longestForSeals = 10_000;

export interface Sealed {
  /** The seals that were written, by resource. */
  readonly seals: Readonly<Record<string, string>>;
  /** Resources without a seal, and why, in words. */
  readonly unsealed: readonly string[];
}

/** The resources that have tags of an instance's case; its network ACLs are those that a run has written to. */
export const trailBearers = ({ instance }: Before): readonly string[] => [
  instance.id,
  ...movableInterfaces(instance).map(({ id }) => id),
  ...instance.volumes.map(({ id }) => id),
];

/** The seals as the tags that they stand in. */
export const sealTags = (seals: Sealed['seals']): TagsByResource =>
  Object.fromEntries(Object.entries(seals).map(([id, seal]) => [id, { [sealTag]: seal }]));

/** Identifies a run: the second in which it read the world, in hexadecimal. */
export const runOf = ({ readAt }: Pick<Before, 'readAt'>): string =>
  Math.floor(Date.parse(readAt) / 1_000).toString(16);

/** Ends a seal that cannot be renewed, because it would look broken once its tags change. */
const withoutSeal = (own: Tags, present: Tags): Tags => ({
  ...own,
  ...((present[sealTag] ?? stale) === stale ? {} : { [sealTag]: stale }),
});

/**
 * Seals what this run has written to the instance, its interfaces and volumes, each with its tags in
 * one call, so that no reader finds new tags with an old seal. Never throws because of a seal: if a
 * seal cannot be made, the tags are written without it, and the result names the resource.
 *
 * @param written what this run has remembered so far, by resource.
 * @param closing tags of the instance that are written now.
 * @throws what EC2 answers when the tags of the instance cannot be written.
 */
export const sealTrail = async (
  deps: Deps<'ec2'>,
  key: TrailKey,
  { case: theCase, before }: { readonly case: Case; readonly before: Before },
  written: TagsByResource,
  closing: Tags,
): Promise<Sealed> => {
  const { clients, clock, log } = deps;
  const { instance } = before;
  const own: TagsByResource = {
    ...written,
    [instance.id]: { ...written[instance.id], ...closing },
  };
  const bearers = [...trailBearers(before), ...Object.keys(written).filter(isAcl)].filter(
    (id) => Object.keys(own[id] ?? {}).length > 0,
  );
  const seals: Record<string, string> = {};
  const unsealed: string[] = [];

  // On a network ACL the tags of a case have names of their own.
  const inCase = (resource: string, tags: Tags): Tags =>
    isAcl(resource) ? caseTagsOfAcl(tags, instance.id) : tags;
  const toWrite = (resource: string, tags: Tags): Tags =>
    isAcl(resource) ? tagsOnAcl(tags, instance.id) : tags;

  const sealOne = async (resource: string, present: Tags): Promise<Tags> =>
    issueSeal(key, {
      subject: sealSubject(instance, theCase.caseId, resource),
      run: runOf(before),
      at: clock.now(),
      present,
      own: inCase(resource, own[resource] ?? {}),
    });

  const one = async (resource: string, present: Tags | undefined): Promise<void> => {
    try {
      if (present === undefined) throw new Error('its tags could not be read');
      const tags = await giveUpAfter(clock, longestForSeals, () => sealOne(resource, present));
      await writeTags(clients.ec2, [resource], toWrite(resource, tags));
      seals[resource] = tags[sealTag] ?? '';
    } catch (error) {
      log.error('a trail was not sealed', { resource, error: inWords(error) });
      unsealed.push(`${resource}: ${inWords(error)}`);
      const plain = resource === instance.id ? closing : {};
      const rest = withoutSeal(plain, present ?? {});
      if (Object.keys(rest).length > 0) {
        await writeTags(clients.ec2, [resource], toWrite(resource, rest));
      }
    }
  };

  const found = await giveUpAfter(clock, longestForSeals, () =>
    readTags(clients.ec2, bearers),
  ).catch(() => undefined);
  const present = (id: string) =>
    found === undefined ? undefined : inCase(id, found.get(id) ?? {});
  const others = bearers.filter((id) => id !== instance.id);
  // The instance comes last, so that its status never says more than the other tags.
  await Promise.allSettled(others.map((id) => one(id, present(id))));
  if (Object.keys(own[instance.id] ?? {}).length > 0) {
    await one(instance.id, present(instance.id));
  }
  await rememberInJournal(deps, theCase, sealTags(seals));
  return { seals, unsealed };
};
