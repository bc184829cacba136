import { beginningOf } from '../case/report-size.ts';
import type { Message } from './message.ts';

/** The most of a raw event that a message shows, in characters; the queue has it whole. */
const shownCharacters = 4_000;

/** What people are told when an event came that intake could not understand. */
export const rejectionMessage = (why: string, event: unknown): Message => {
  const sentence = beginningOf(why, shownCharacters);
  const raw = JSON.stringify(event, null, 2) ?? String(event);
  const text = [
    'REJECTED: an event came that Cordon could not understand. Nothing was contained for it.',
    '',
    sentence,
    '',
    'Look whether it is about a compromised instance. If so, contain it by hand. The event waits in the dead-letter queue.',
    '',
    beginningOf(raw, shownCharacters),
  ].join('\n');
  const json = JSON.stringify({ status: 'rejected', reason: sentence });
  return {
    Subject: '[Cordon] REJECTED: an event was not understood',
    MessageStructure: 'json',
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
