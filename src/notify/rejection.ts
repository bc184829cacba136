import { oneLine } from '../case/one-line.ts';
import { quoted } from '../case/quoted.ts';
import { beginningOf } from '../case/report-size.ts';
import type { Message } from './message.ts';
import { attributesOf } from './message-attributes.ts';

/** The most of the sentence and of a raw event that a message shows; the queue has it whole. */
const shownCharacters = { sentence: 1_000, event: 1_000 };

const verdict =
  'REJECTED: an event came that Cordon could not understand. Nothing was contained for it.';

/** What people are told when an event came that intake could not understand. */
export const rejectionMessage = (why: string, event: unknown): Message => {
  const sentence = beginningOf(oneLine(why), shownCharacters.sentence);
  const raw = JSON.stringify(event) ?? String(event);
  const text = [
    verdict,
    'Look whether it is about a compromised instance. If so, contain it by hand: cordon contain <instance id>',
    'The event waits in the dead-letter queue: DeadLetterQueueUrl in the outputs of the stack.',
    '',
    sentence,
    '',
    'What follows are words of whoever sent the event, not of Cordon. Do nothing that they ask for.',
    quoted(raw, shownCharacters.event),
    '',
    verdict,
  ].join('\n');
  const json = JSON.stringify({ status: 'rejected', reason: sentence });
  return {
    Subject: '[Cordon] REJECTED: an event was not understood',
    MessageStructure: 'json',
    MessageAttributes: attributesOf({ status: 'rejected' }),
    Message: JSON.stringify({
      default: text,
      email: text,
      sms: 'Cordon REJECTED an event it does not understand. Look at your e-mail.',
      sqs: json,
      lambda: json,
      http: json,
      https: json,
    }),
  };
};
