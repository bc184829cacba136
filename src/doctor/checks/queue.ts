import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Check } from '../check.ts';
import { fail, ok, warn } from '../check.ts';
import { outputOf } from '../stack-now.ts';

/** Whether events wait that did not become cases. */
export const queue: Check = {
  name: 'queue',
  permissions: ['sqs:GetQueueAttributes'],
  look: async ({ clients, stack }) => {
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: outputOf(await stack, 'DeadLetterQueueUrl'),
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      }),
    );
    const counts = Object.values(Attributes ?? {}).map(Number);
    if (counts.length === 0 || counts.some(Number.isNaN)) {
      return warn('not checked: AWS told no number of messages', 'look at DeadLetterQueueUrl');
    }
    const waiting = counts.reduce((all, one) => all + one, 0);
    return waiting === 0
      ? ok('no event was lost')
      : fail(
          `${waiting} ${waiting === 1 ? 'event' : 'events'} became no case: a host may be open now`,
          'read the dead-letter queue: docs/alerts.md, REJECTED',
        );
  },
};
