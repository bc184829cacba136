import { TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeDynamoDbClient } from '../../src/aws/client/dynamodb.ts';
import { silentLog } from '../../src/aws/log.ts';

interface Answer {
  readonly status: number;
  readonly body: object;
}

const taken: Answer = { status: 200, body: {} };

const cancelled = (...codes: readonly string[]): Answer => ({
  status: 400,
  body: {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: codes.map((Code) => ({ Code })),
  },
});

const conflict: Answer = {
  status: 400,
  body: {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionConflictException',
    message: 'Transaction is ongoing for the item',
  },
};

/** A table that gives these answers, one after the other, and the last of them for ever. */
const aTable = (...answers: readonly Answer[]) => {
  const client = makeDynamoDbClient(silentLog, 'eu-central-1');
  client.config.credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 'b' });
  let asked = 0;
  client.config.requestHandler = {
    ...client.config.requestHandler,
    handle: async () => {
      const { status, body } = answers[Math.min(asked, answers.length - 1)] ?? taken;
      asked += 1;
      const headers = { 'content-type': 'application/x-amz-json-1.0' };
      const text = Buffer.from(JSON.stringify(body));
      return { response: { statusCode: status, headers, body: text } as never };
    },
  };
  return { client, asked: () => asked };
};

const transaction = new TransactWriteItemsCommand({ TransactItems: [] });
const update = new UpdateItemCommand({ TableName: 'cases', Key: { id: { S: 'record#x' } } });

describe('A write that another transaction is in the way of', () => {
  it('is made again until it is taken', async () => {
    const { client, asked } = aTable(
      cancelled('None', 'TransactionConflict'),
      cancelled('TransactionConflict', 'TransactionConflict'),
      taken,
    );
    await client.send(transaction);
    expect(asked()).toBe(3);
  });

  it('is made again where it is no transaction itself', async () => {
    const { client, asked } = aTable(conflict, taken);
    await client.send(update);
    expect(asked()).toBe(2);
  });

  it.each([
    ['a condition', cancelled('ConditionalCheckFailed', 'None')],
    ['a condition beside it', cancelled('ConditionalCheckFailed', 'TransactionConflict')],
    ['nothing that is named', cancelled()],
  ])('is refused at once for %s', async (_, answer) => {
    const { client, asked } = aTable(answer);
    await expect(client.send(transaction)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
    });
    expect(asked()).toBe(1);
  });
});
