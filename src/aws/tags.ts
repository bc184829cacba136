import type { EC2Client, Tag } from '@aws-sdk/client-ec2';
import { CreateTagsCommand } from '@aws-sdk/client-ec2';

export const toTags = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Writes tags, over those of the same key. */
export const writeTags = async (
  ec2: EC2Client,
  resourceIds: readonly string[],
  tags: Readonly<Record<string, string>>,
  dryRun = false,
): Promise<void> => {
  await ec2.send(
    new CreateTagsCommand({
      Resources: [...resourceIds],
      Tags: toTags(tags),
      ...(dryRun ? { DryRun: true } : {}),
    }),
  );
};
