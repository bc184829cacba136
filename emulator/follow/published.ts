import type { Call, Traffic } from '../proxy/traffic.ts';

/** A message as it was published, per protocol. */
export interface Published {
  readonly subject: string;
  readonly text: string;
  readonly sms: string;
  readonly report?: unknown;
}

const toPublished = ({ params }: Call): Published => {
  const form = params instanceof URLSearchParams ? params : new URLSearchParams();
  const message = form.get('Message') ?? '';
  const subject = form.get('Subject') ?? '';
  if (form.get('MessageStructure') !== 'json') return { subject, text: message, sms: message };
  const body = JSON.parse(message) as Record<string, string>;
  return {
    subject,
    text: body.email ?? body.default ?? '',
    sms: body.sms ?? '',
    ...(body.sqs === undefined ? {} : { report: JSON.parse(body.sqs) }),
  };
};

/** The messages that functions published, in their order. */
export const publishedMessages = ({ calls }: Traffic): readonly Published[] =>
  calls
    .filter((call) => call.service === 'sns' && call.action === 'Publish' && call.status === 200)
    .map(toPublished);
