import type { KeyObject } from 'node:crypto';
import type { Deps } from './aws/clients.ts';
import { inWords } from './aws/errors.ts';
import { publicTrailKeyOf } from './aws/public-trail-key.ts';
import { readTags, readTagsOfKeys } from './aws/tags.ts';
import type { Instance } from './case/before.ts';
import { aclSealTag, isAcl, mayHaveAclNotes } from './record/trail/acl-trail.ts';
import { naclNoteTag } from './record/trail/nacl-note.ts';
import { judgeAcls } from './record/trail/seal/judge-acls.ts';
import type { Seals } from './record/trail/seal/judge-trail.ts';
import { judgeTrail, tagsByResource } from './record/trail/seal/judge-trail.ts';
import type { TagsByResource } from './record/trail/tags.ts';

/**
 * AWS may show one of two tags that were written together before the other, so that `broken` is
 * said only after a second read, so many milliseconds later.
 */
const betweenReads = 5_000;

const keyOrNone = async (deps: Deps): Promise<KeyObject | undefined> => {
  try {
    return await (await publicTrailKeyOf(deps))?.();
  } catch (error) {
    deps.log.warn('the key that verifies trails could not be had', { error: inWords(error) });
    return undefined;
  }
};

const withTags = (instance: Instance, tags: ReadonlyMap<string, TagsByResource[string]>) => ({
  ...instance,
  tags: tags.get(instance.id) ?? {},
  networkInterfaces: instance.networkInterfaces.map((one) => ({
    ...one,
    cordonTags: tags.get(one.id) ?? {},
  })),
  volumes: instance.volumes.map((one) => ({ ...one, cordonTags: tags.get(one.id) ?? {} })),
});

/** The tags of network ACLs that speak of the instance; none where its trail says of none. */
const readAclTags = async (
  { clients, log }: Deps<'ec2'>,
  { id, tags }: Instance,
  latest: Readonly<Record<string, string>>,
): Promise<TagsByResource> => {
  if (!mayHaveAclNotes(tags) && !Object.keys(latest).some(isAcl)) return {};
  try {
    return Object.fromEntries(await readTagsOfKeys(clients.ec2, [naclNoteTag(id), aclSealTag(id)]));
  } catch (error) {
    log.warn('the tags of network ACLs could not be read', { error: inWords(error) });
    return {};
  }
};

/**
 * What the seals of an instance's trail say: its own, those of its interfaces and volumes, and those of
 * the network ACLs that deny for it.
 *
 * @param latest the latest seals that the execution's history or the local journal knows.
 */
export const readSeals = async (
  deps: Deps<'ec2'>,
  instance: Instance,
  caseId: string,
  latest: Readonly<Record<string, string>>,
): Promise<Seals> => {
  const { clients, clock, log } = deps;
  const publicKey = await keyOrNone(deps);
  const judged = async (one: Instance): Promise<Seals> => ({
    ...judgeTrail(one, caseId, publicKey, latest),
    ...judgeAcls(one, caseId, publicKey, latest, await readAclTags(deps, one, latest)),
  });
  const seals = await judged(instance);
  const broken = Object.keys(seals).filter((id) => seals[id]?.state === 'broken');
  if (broken.length === 0 || publicKey === undefined) return seals;
  await clock.sleep(betweenReads);
  try {
    const read = await readTags(clients.ec2, Object.keys(tagsByResource(instance)));
    const second = await judged(withTags(instance, read));
    return {
      ...seals,
      ...Object.fromEntries(broken.map((id) => [id, second[id] ?? seals[id]])),
    } as Seals;
  } catch (error) {
    log.warn('the tags could not be read a second time', { error: inWords(error) });
    return seals;
  }
};
