import type { SNSClient, Subscription } from '@aws-sdk/client-sns';
import { paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import { quoted } from '../../case/quoted.ts';
import type { Check } from '../check.ts';
import { fail, ok, warn } from '../check.ts';
import { outputOf } from '../stack-now.ts';

const readSubscriptions = async (
  client: SNSClient,
  TopicArn: string,
): Promise<readonly Subscription[]> => {
  const found: Subscription[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
    found.push(...(page.Subscriptions ?? []));
  }
  return found;
};

/** What stands there in place of the ARN until the subscriber has confirmed; a deleted one is likewise none. */
const isConfirmed = ({ SubscriptionArn = '' }: Subscription): boolean =>
  SubscriptionArn.startsWith('arn:');

const isPending = ({ SubscriptionArn }: Subscription): boolean =>
  SubscriptionArn === 'PendingConfirmation';

/** Whether anybody is told. */
export const topic: Check = {
  name: 'topic',
  permissions: ['sns:ListSubscriptionsByTopic'],
  look: async ({ clients, stack }) => {
    const topicArn = outputOf(await stack, 'NotificationTopicArn');
    const subscriptions = await readSubscriptions(clients.sns, topicArn);
    const confirmed = subscriptions.filter(isConfirmed).length;
    const pending = subscriptions.filter(isPending);
    const names = pending.map(({ Endpoint = '' }) => quoted(Endpoint, 60)).join(', ');
    const remedy = 'confirm by the link in the e-mail of AWS';
    if (pending.length > 0) {
      return confirmed === 0
        ? fail(
            `the topic has no confirmed subscription, so nobody would be told: ${names} waits`,
            remedy,
          )
        : warn(`not confirmed: ${names} waits`, remedy);
    }
    return confirmed === 0
      ? fail('nobody subscribes to the topic: nobody would be told', 'subscribe to it')
      : ok(`${confirmed} confirmed ${confirmed === 1 ? 'subscriber is' : 'subscribers are'} told`);
  },
};
