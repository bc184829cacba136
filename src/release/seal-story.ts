import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import { readTags, writeTags } from '../aws/tags.ts';
import { trailKeyOf } from '../aws/trail-key.ts';
import { rememberInJournal } from '../engine/remember.ts';
import type { FoundCase } from '../find-case.ts';
import { caseTag, sealTag, stale } from '../record/trail/keys.ts';
import { issueSeal } from '../record/trail/seal/issue-seal.ts';
import { sealSubject } from '../record/trail/seal/seal-subject.ts';
import type { Tags } from '../record/trail/tags.ts';
import { runOf } from '../steps/seal-trail.ts';

/** A release waits no longer for a seal, in milliseconds. */
const longestForSeal = 5_000;

/**
 * Tags of the instance with a seal over them, in one call, so that no reader finds them beside the
 * seal of others. Where none can be made, the seal that stands ends: it would look broken.
 *
 * @param before whether what was before is still remembered, and covered as it was.
 * @throws what EC2 answers when the tags cannot be written.
 */
export const writeStory = async (
  deps: Deps<'ec2'>,
  { case: theCase, before: { instance, readAt } }: Pick<FoundCase, 'case' | 'before'>,
  tags: Tags,
  before: 'remembered' | 'ended',
): Promise<void> => {
  const { clients, clock, log } = deps;
  const sealed = async (): Promise<Tags> => {
    const { trailKey } = await trailKeyOf(deps);
    const present = (await readTags(clients.ec2, [instance.id])).get(instance.id) ?? {};
    const standing = present[sealTag] ?? stale;
    if (trailKey === undefined) return standing === stale ? tags : { ...tags, [sealTag]: stale };
    return issueSeal(trailKey, {
      subject: sealSubject(instance, theCase.caseId, instance.id),
      run: runOf({ readAt }),
      at: clock.now(),
      present,
      head: (await deps.recordHead?.(theCase.caseId))?.head,
      own: { [caseTag]: theCase.caseId, ...tags },
      carry: before === 'remembered',
    });
  };
  const written = await giveUpAfter(clock, longestForSeal, sealed).catch((error: unknown): Tags => {
    log.error('the trail was not sealed', { error: inWords(error) });
    return { ...tags, [sealTag]: stale };
  });
  await writeTags(clients.ec2, [instance.id], written);
  const seal = written[sealTag] ?? stale;
  if (seal !== stale)
    await rememberInJournal(deps, theCase, { [instance.id]: { [sealTag]: seal } });
};
