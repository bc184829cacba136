import type { EC2Client, Tag } from '@aws-sdk/client-ec2';
import { CreateTagsCommand, paginateDescribeTags } from '@aws-sdk/client-ec2';
import { itemsPerPage } from './pages.ts';

export const toTags = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Writes tags, over those of the same key; given up once the signal aborts. */
export const writeTags = async (
  ec2: EC2Client,
  resourceIds: readonly string[],
  tags: Readonly<Record<string, string>>,
  dryRun = false,
  over?: AbortSignal,
): Promise<void> => {
  await ec2.send(
    new CreateTagsCommand({
      Resources: [...resourceIds],
      Tags: toTags(tags),
      ...(dryRun ? { DryRun: true } : {}),
    }),
    over === undefined ? {} : { abortSignal: over },
  );
};

export const tagReadPermissions = ['ec2:DescribeTags'] as const;

const readTagsBy = async (
  ec2: EC2Client,
  filter: 'resource-id' | 'key',
  values: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> => {
  const tags = new Map<string, Record<string, string>>();
  const pages = paginateDescribeTags(
    { client: ec2, pageSize: itemsPerPage },
    { Filters: [{ Name: filter, Values: [...values] }] },
  );
  for await (const page of pages) {
    for (const { ResourceId = '', Key = '', Value = '' } of page.Tags ?? []) {
      tags.set(ResourceId, { ...tags.get(ResourceId), [Key]: Value });
    }
  }
  return tags;
};

/** The tags of these resources; one without tags is not in the answer. */
export const readTags = (
  ec2: EC2Client,
  resourceIds: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> =>
  readTagsBy(ec2, 'resource-id', resourceIds);

/** The tags of these keys, by the resources of the Region that have them. */
export const readTagsOfKeys = (
  ec2: EC2Client,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> => readTagsBy(ec2, 'key', keys);
