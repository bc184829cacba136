import type {
  AttributeValue,
  GetItemInput,
  PutItemInput,
  ScanInput,
  UpdateItemInput,
} from '@aws-sdk/client-dynamodb';
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { FakeAws } from '../../steps/fake-aws.ts';

type Item = Record<string, AttributeValue>;

/** What the conditions of the case table come to, and nothing else of DynamoDB's language. */
const holds = (
  condition: string,
  item: Item | undefined,
  { ExpressionAttributeValues: values = {} }: PutItemInput | UpdateItemInput,
): boolean => {
  const text = (name: string) => values[name]?.S ?? values[name]?.N;
  const isOwn = item?.caseId?.S === text(':case');
  const isEnded = ['released', 'closed'].includes(item?.status?.S ?? '');
  switch (condition) {
    case 'attribute_not_exists(id) OR #status IN (:released, :closed)':
      return item === undefined || isEnded;
    case 'caseId = :case AND runs = :runs AND NOT #status IN (:released, :closed)':
      return isOwn && item?.runs?.N === text(':runs') && !isEnded;
    case 'caseId = :case AND #status IN (:held, :opening, :asked, :refused, :stopped)':
      return (
        isOwn && ['held', 'opening', 'asked', 'refused', 'stopped'].includes(item?.status?.S ?? '')
      );
    case 'caseId = :case AND #status IN (:asked, :opening, :failed, :stopped)':
      return isOwn && ['asked', 'opening', 'failed', 'stopped'].includes(item?.status?.S ?? '');
    case 'caseId = :case AND #status = :asked':
      return isOwn && item?.status?.S === 'asked';
    case 'caseId = :case AND #status IN (:opening, :held, :running, :failed, :refused, :asked, :stopped)':
      return (
        isOwn &&
        ['opening', 'held', 'running', 'failed', 'refused', 'asked', 'stopped'].includes(
          item?.status?.S ?? '',
        )
      );
    case 'caseId = :case AND NOT #status IN (:released, :closed)':
      return isOwn && !isEnded;
    case 'caseId = :case AND NOT #status IN (:released, :closed) AND attribute_not_exists(livingSince)':
      return isOwn && !isEnded && item?.livingSince === undefined;
    case '(caseId = :case OR #status = :held) AND NOT #status IN (:released, :closed)':
      return (isOwn || item?.status?.S === text(':held')) && !isEnded;
    case 'cuts > :none':
      return Number(item?.cuts?.N ?? 0) > 0;
    case 'attribute_not_exists(cuts) OR cuts < :limit':
      return item?.cuts === undefined || Number(item.cuts.N) < Number(text(':limit'));
    default:
      throw new Error(`The fake table does not know the condition ${condition}`);
  }
};

const updated = (
  item: Item,
  { UpdateExpression = '', ExpressionAttributeValues = {} }: UpdateItemInput,
) => {
  const value = (name: string): AttributeValue => ExpressionAttributeValues[name] ?? { NULL: true };
  switch (UpdateExpression) {
    case 'SET runs = :next, #status = :running, #input = :input':
      return {
        ...item,
        runs: value(':next'),
        status: value(':running'),
        input: value(':input'),
      };
    case 'SET #status = :held, #input = :input':
      return { ...item, status: value(':held'), input: value(':input') };
    case 'SET #status = :asked, #token = :token, askedUntil = :until, #input = :input':
      return {
        ...item,
        status: value(':asked'),
        token: value(':token'),
        askedUntil: value(':until'),
        input: value(':input'),
      };
    case 'SET #status = :refused, refusedUntil = :until, refusedSeverity = :severity, refusedBy = :by':
      return {
        ...item,
        status: value(':refused'),
        refusedUntil: value(':until'),
        refusedSeverity: value(':severity'),
        refusedBy: value(':by'),
      };
    case 'SET #status = :status, cutAt = if_not_exists(cutAt, :cut)':
      return { ...item, status: value(':status'), cutAt: item.cutAt ?? value(':cut') };
    case 'SET #status = :partial, livingSince = if_not_exists(livingSince, :seen)':
      return {
        ...item,
        status: value(':partial'),
        livingSince: item.livingSince ?? value(':seen'),
      };
    case 'SET #status = :status':
      return { ...item, status: value(':status') };
    case 'ADD cuts :minusOne':
      return { ...item, cuts: { N: String(Number(item.cuts?.N ?? 0) - 1) } };
    case 'SET expiresAt = :expires ADD cuts :one':
      return {
        ...item,
        expiresAt: value(':expires'),
        cuts: { N: String(Number(item.cuts?.N ?? 0) + 1) },
      };
    default:
      throw new Error(`The fake table does not know the update ${UpdateExpression}`);
  }
};

/** A table in this process, whose writes are atomic as DynamoDB's are; each waits for `pause` first. */
export const fakeTable = (
  { dynamoDb }: Pick<FakeAws, 'dynamoDb'>,
  pause: () => Promise<void>,
): ReadonlyMap<string, Item> => {
  const items = new Map<string, Item>();
  const require = (item: Item | undefined, input: PutItemInput | UpdateItemInput): void => {
    if (holds(input.ConditionExpression ?? '', item, input)) return;
    throw new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: {},
      ...(item === undefined ? {} : { Item: item }),
    });
  };
  dynamoDb.on(PutItemCommand).callsFake(async (input: PutItemInput) => {
    await pause();
    const id = input.Item?.id?.S ?? '';
    require(items.get(id), input);
    items.set(id, input.Item ?? {});
    return {};
  });
  dynamoDb.on(UpdateItemCommand).callsFake(async (input: UpdateItemInput) => {
    await pause();
    const id = input.Key?.id?.S ?? '';
    const item = items.get(id);
    require(item, input);
    items.set(id, updated(item ?? { id: { S: id } }, input));
    return {};
  });
  dynamoDb.on(GetItemCommand).callsFake(async ({ Key }: GetItemInput) => {
    await pause();
    const item = items.get(Key?.id?.S ?? '');
    return item === undefined ? {} : { Item: item };
  });
  dynamoDb.on(ScanCommand).callsFake(async ({ ExpressionAttributeValues: values }: ScanInput) => ({
    Items: [...items.values()].filter(({ status }) => status?.S === values?.[':held']?.S),
  }));
  return items;
};
