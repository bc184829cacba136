import type { Tag } from '@aws-sdk/client-ec2';

/** Those of a resource's tags that Cordon may have written; what others say is nobody's business. */
export const cordonTagsOf = (tags: readonly Tag[] | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (tags ?? [])
      .filter(({ Key }) => Key?.startsWith('cordon:') === true)
      .map(({ Key = '', Value = '' }) => [Key, Value]),
  );
