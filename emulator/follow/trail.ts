import { paginateDescribeTags } from '@aws-sdk/client-ec2';
import type { WorldClients } from '../world/world-clients.ts';

/** Cordon's tags in the world, as an auditor finds them: resource, key, value. */
export const readTrail = async ({
  ec2: client,
}: WorldClients): Promise<readonly { resource: string; key: string; value: string }[]> => {
  const found: { resource: string; key: string; value: string }[] = [];
  const pages = paginateDescribeTags(
    { client },
    { Filters: [{ Name: 'key', Values: ['cordon:*'] }] },
  );
  for await (const page of pages) {
    for (const { ResourceId = '', Key = '', Value = '' } of page.Tags ?? []) {
      found.push({ resource: ResourceId, key: Key, value: Value });
    }
  }
  return found.toSorted(
    (a, b) => a.resource.localeCompare(b.resource) || a.key.localeCompare(b.key),
  );
};
