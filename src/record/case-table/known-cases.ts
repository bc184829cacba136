import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { defined } from '../../case/defined.ts';
import type { Ownership } from '../../case/review.ts';
import type { CaseItem } from './case-item.ts';
import { endedStatuses, readItem } from './case-item.ts';
import type { Table } from './condition.ts';
import { instanceOf } from './item-key.ts';

export const knownCasesPermissions = ['dynamodb:Scan'] as const;

/** The latest case of an instance, with who looks after it. */
export interface KnownCase extends CaseItem {
  readonly ownership?: Ownership;
  /** When people were told last that nobody looks at it, ISO 8601. */
  readonly remindedAt?: string;
}

const text = z.object({ S: z.string() });

const ownedSchema = z.object({
  owner: z.optional(text),
  takenAt: z.optional(text),
  takenReason: z.optional(text),
  reviewAt: z.optional(text),
  remindedAt: z.optional(text),
});

const ownershipIn = (data: z.infer<typeof ownedSchema>): Ownership | undefined => {
  const { owner, takenAt, takenReason, reviewAt } = data;
  if (owner === undefined || takenAt === undefined) return undefined;
  return {
    owner: owner.S,
    takenAt: takenAt.S,
    ...defined({ reason: takenReason?.S, reviewAt: reviewAt?.S }),
  };
};

/** A case of the table as DynamoDB has it; undefined where the item is none. */
export const readKnownCase = (
  instanceId: string,
  attributes: Readonly<Record<string, AttributeValue>> | undefined,
): KnownCase | undefined => {
  const item = readItem(instanceId, attributes);
  if (item === undefined) return undefined;
  const { data } = ownedSchema.safeParse(attributes);
  if (data === undefined) return item;
  return { ...item, ...defined({ ownership: ownershipIn(data), remindedAt: data.remindedAt?.S }) };
};

/** Whether a case is open: nobody has given the instance back or ended the case. */
export const isOpenCase = ({ status }: Pick<CaseItem, 'status'>): boolean =>
  !endedStatuses.some((one) => one === status);

/** The latest case of every instance that the table knows; counters and other items are left out. */
export const knownCases = async ({ dynamoDb, tableName }: Table): Promise<readonly KnownCase[]> => {
  const found: KnownCase[] = [];
  const pages = paginateScan(
    { client: dynamoDb },
    {
      TableName: tableName,
      ConsistentRead: true,
      FilterExpression: 'begins_with(id, :case)',
      ExpressionAttributeValues: { ':case': { S: 'case#' } },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const attributes of Items) {
      const instanceId = instanceOf(attributes);
      const known = instanceId === undefined ? undefined : readKnownCase(instanceId, attributes);
      if (known !== undefined) found.push(known);
    }
  }
  return found;
};
