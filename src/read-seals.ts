import type { KeyObject } from 'node:crypto';
import type { Deps } from './aws/clients.ts';
import { inWords } from './aws/errors.ts';
import { publicTrailKeyOf } from './aws/public-trail-key.ts';
import { readTags } from './aws/tags.ts';
import type { Instance } from './case/before.ts';
import type { Seals } from './trail/seal/judge-trail.ts';
import { judgeTrail, tagsByResource } from './trail/seal/judge-trail.ts';
import type { TagsByResource } from './trail/tags.ts';

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

/**
 * What the seals of an instance's trail say.
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
  const seals = judgeTrail(instance, caseId, publicKey, latest);
  const broken = Object.keys(seals).filter((id) => seals[id]?.state === 'broken');
  if (broken.length === 0 || publicKey === undefined) return seals;
  await clock.sleep(betweenReads);
  try {
    const read = await readTags(clients.ec2, Object.keys(tagsByResource(instance)));
    const again = withTags(instance, read);
    const second = judgeTrail(again, caseId, publicKey, latest);
    return {
      ...seals,
      ...Object.fromEntries(broken.map((id) => [id, second[id] ?? seals[id]])),
    } as Seals;
  } catch (error) {
    log.warn('the tags could not be read a second time', { error: inWords(error) });
    return seals;
  }
};
