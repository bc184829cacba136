import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import { readGroupsById } from '../aws/security-groups.ts';
import type { Before } from '../case/before.ts';
import { rulesDigest } from '../case/rules-digest.ts';
import { beforeRulesTag, writeRules } from '../trail/before-rules.ts';
import { formerOf } from '../trail/recall.ts';
import type { TagsByResource } from '../trail/tags.ts';

/** The trail waits no longer for them, in milliseconds. */
const longestForRules = 5_000;

/**
 * What the rules of the original groups are now, for the tags of the interfaces: a release shows what
 * somebody has changed since. Read when the case is closed, because nothing may delay the cut; a later
 * run of the case must not take a changed group for the original, and keeps what is remembered.
 */
export const originalRules = async (
  { clients, clock, log }: Deps<'ec2'>,
  before: Before,
): Promise<TagsByResource> => {
  if ((before.recollection?.standing ?? 'first') !== 'first') return {};
  const interfaces = Object.entries(formerOf(before).interfaces);
  const ids = [...new Set(interfaces.flatMap(([, { groups = [] }]) => groups))];
  try {
    const groups = await giveUpAfter(clock, longestForRules, () =>
      readGroupsById(clients.ec2, ids),
    );
    const digests = new Map(groups.map((group) => [group.id, rulesDigest(group)]));
    return Object.fromEntries(
      interfaces.flatMap(([id, { groups: its = [] }]) => {
        const value = writeRules(its.map((group) => digests.get(group)));
        return its.length === 0 || value === undefined ? [] : [[id, { [beforeRulesTag]: value }]];
      }),
    );
  } catch (error) {
    log.warn('the rules of the original groups could not be read', { error: inWords(error) });
    return {};
  }
};
