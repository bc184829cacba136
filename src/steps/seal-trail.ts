import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import { readTags, writeTags } from '../aws/tags.ts';
import type { Before } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import { rememberInJournal } from '../engine/remember.ts';
import { caseTagsOfAcl, isAcl, tagsOnAcl } from '../record/trail/acl-trail.ts';
import { sealTag, stale } from '../record/trail/keys.ts';
import { issueSeal } from '../record/trail/seal/issue-seal.ts';
import { sealSubject } from '../record/trail/seal/seal-subject.ts';
import type { TrailKey } from '../record/trail/seal/trail-key.ts';
import type { Tags, TagsByResource } from '../record/trail/tags.ts';

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

/** One run's sealing of a case. */
interface Sealing {
  readonly deps: Deps<'ec2'>;
  readonly key: TrailKey;
  readonly case: Case;
  readonly before: Before;
  /** What the run has written, and what it writes with the seals, by resource. */
  readonly own: TagsByResource;
  /** Tags of the instance that are written now, sealed or not. */
  readonly closing: Tags;
  /** The head of the record as it stands. */
  readonly head: string | undefined;
  readonly seals: Record<string, string>;
  readonly unsealed: string[];
}

/** On a network ACL the tags of a case have names of their own. */
const inCase = ({ before }: Sealing, resource: string, tags: Tags): Tags =>
  isAcl(resource) ? caseTagsOfAcl(tags, before.instance.id) : tags;

const write = ({ deps, before }: Sealing, resource: string, tags: Tags): Promise<void> =>
  writeTags(
    deps.clients.ec2,
    [resource],
    isAcl(resource) ? tagsOnAcl(tags, before.instance.id) : tags,
  );

/** The tags of a resource with their seal. */
const sealed = (sealing: Sealing, resource: string, present: Tags): Promise<Tags> => {
  const { deps, key, case: theCase, before, own } = sealing;
  return giveUpAfter(deps.clock, longestForSeals, () =>
    issueSeal(key, {
      subject: sealSubject(before.instance, theCase.caseId, resource),
      run: runOf(before),
      at: deps.clock.now(),
      present,
      head: sealing.head,
      own: inCase(sealing, resource, own[resource] ?? {}),
    }),
  );
};

/** Seals one resource; where that fails, its closing tags are written without a seal. */
const sealOne = async (
  sealing: Sealing,
  resource: string,
  found: ReadonlyMap<string, Tags> | undefined,
): Promise<void> => {
  const { deps, before, closing, seals, unsealed } = sealing;
  const present =
    found === undefined ? undefined : inCase(sealing, resource, found.get(resource) ?? {});
  try {
    if (present === undefined) throw new Error('its tags could not be read');
    const tags = await sealed(sealing, resource, present);
    await write(sealing, resource, tags);
    seals[resource] = tags[sealTag] ?? '';
  } catch (error) {
    deps.log.error('a trail was not sealed', { resource, error: inWords(error) });
    unsealed.push(`${resource}: ${inWords(error)}`);
    const plain = resource === before.instance.id ? closing : {};
    const rest = withoutSeal(plain, present ?? {});
    if (Object.keys(rest).length > 0) await write(sealing, resource, rest);
  }
};

/**
 * Seals what this run has written to the instance, its interfaces, volumes and network ACLs, each with
 * its tags in one call, so that no reader finds new tags with an old seal. Never throws because of a
 * seal: if a seal cannot be made, the tags are written without it, and the result names the resource.
 *
 * @param written what this run has remembered so far, by resource.
 * @param closing tags of the instance that are written now.
 * @param head of the record as it stands; absent where none is kept.
 * @throws what EC2 answers when the tags of the instance cannot be written.
 */
export const sealTrail = async (
  deps: Deps<'ec2'>,
  key: TrailKey,
  { case: theCase, before }: { readonly case: Case; readonly before: Before },
  written: TagsByResource,
  closing: Tags,
  head?: string,
): Promise<Sealed> => {
  const { id } = before.instance;
  const own: TagsByResource = { ...written, [id]: { ...written[id], ...closing } };
  const bearers = [...trailBearers(before), ...Object.keys(written).filter(isAcl)].filter(
    (one) => Object.keys(own[one] ?? {}).length > 0,
  );
  const found = await giveUpAfter(deps.clock, longestForSeals, () =>
    readTags(deps.clients.ec2, bearers),
  ).catch(() => undefined);
  const seals: Record<string, string> = {};
  const unsealed: string[] = [];
  const sealing = { deps, key, case: theCase, before, own, closing, head, seals, unsealed };
  // The instance comes last, so that its status never says more than the other tags.
  const others = bearers.filter((one) => one !== id);
  await Promise.allSettled(others.map((one) => sealOne(sealing, one, found)));
  if (bearers.includes(id)) await sealOne(sealing, id, found);
  await rememberInJournal(deps, theCase, sealTags(seals));
  return { seals, unsealed };
};
