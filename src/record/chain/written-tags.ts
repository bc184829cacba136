import * as z from 'zod/mini';
import type { JournalEntry } from '../journal/entry.ts';
import type { Tags, TagsByResource } from '../trail/tags.ts';

const parameters = z.object({
  DryRun: z.optional(z.boolean()),
  Resources: z.array(z.string()),
  Tags: z.array(z.object({ Key: z.string(), Value: z.optional(z.string()) })),
});

const calls = ['ec2:CreateTags', 'ec2:DeleteTags'];

/**
 * The tags that the calls of a record left behind, by resource: what was written last, without what was
 * deleted since. A resource that is not in it was never tagged by a call that is on record.
 */
export const writtenTags = (entries: readonly JournalEntry[]): TagsByResource => {
  const written: Record<string, Tags> = {};
  for (const { call = '', error, parameters: sent } of entries) {
    const { data } = parameters.safeParse(sent);
    if (!calls.includes(call) || error !== undefined || data === undefined || data.DryRun) continue;
    const keys = data.Tags.map(({ Key, Value = '' }) => [Key, Value] as const);
    for (const resource of data.Resources) {
      const before = Object.entries(written[resource] ?? {});
      const kept = before.filter(([key]) => !keys.some(([other]) => other === key));
      written[resource] = Object.fromEntries(call === 'ec2:CreateTags' ? [...kept, ...keys] : kept);
    }
  }
  return written;
};
