import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import { readGroupsById } from '../aws/security-groups.ts';
import type { Before } from '../case/before.ts';
import { rulesDigest } from '../case/rules-digest.ts';
import { beforeRulesTag, writeRules } from '../record/trail/before-rules.ts';
import { formerOf } from '../record/trail/recall.ts';
import type { TagsByResource } from '../record/trail/tags.ts';

/** How long closing the trail waits for the rules, in milliseconds. */
const longestForRules = 5_000;

/**
 * Digests of the rules that the original groups have now, for the tags of the interfaces. A release
 * compares them with the rules of its day. They are read when the trail is closed, because the cut must
 * not wait for them. A later run of the case keeps the digests that are there, because the groups may
 * have been changed meanwhile.
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
