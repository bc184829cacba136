import type { AttributeValue } from '@aws-sdk/client-dynamodb';

const keyPrefix = 'case#';

/** The key of an instance. */
export const keyOf = (instanceId: string): Record<string, AttributeValue> => ({
  id: { S: `${keyPrefix}${instanceId}` },
});

/** The instance of an item's key; undefined where the item is none of an instance. */
export const instanceOf = (
  attributes: Readonly<Record<string, AttributeValue | undefined>>,
): string | undefined => {
  const id = attributes.id?.S ?? '';
  return id.startsWith(keyPrefix) ? id.slice(keyPrefix.length) : undefined;
};
