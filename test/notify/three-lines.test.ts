import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/notify/message.ts';
import { messageOf } from '../../src/notify/message.ts';
import { reportWith } from '../case/sample-report.ts';
import { messages } from './every-message.ts';

const linesOf = ({ Message }: Message): readonly string[] =>
  String(JSON.parse(Message).default).split('\n');

describe('every message', () => {
  it.each(Object.entries(messages))('%s stands first, in the subject and last', (word, make) => {
    const message = make();
    const lines = linesOf(message);
    expect(message.Subject.startsWith(`[Cordon] ${word}`)).toBe(true);
    expect(lines.at(0)?.startsWith(word)).toBe(true);
    expect(lines.at(-1)?.startsWith(word)).toBe(true);
  });

  it.each(Object.entries(messages))(
    '%s says in three lines what stands, what to do, and where',
    (_word, make) => {
      const [stands, step, where] = linesOf(make());
      for (const line of [stands, step, where]) expect(line).toMatch(/\S/);
      expect(where).toMatch(/us-east-1|DeadLetterQueueUrl/);
    },
  );

  it.each(Object.entries(messages))('%s is short on a telephone', (_word, make) => {
    const { sms } = JSON.parse(make().Message);
    expect(sms).toMatch(/^Cordon [\x20-\x7e]{1,133}$/);
  });
});

describe('whatever an instance is called', () => {
  it('the three lines stay three, and the name is in quotation marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), (name) => {
        const lines = linesOf(messageOf(reportWith({ name })));
        expect(lines[0]).toMatch(/^CONTAINED i-/);
        expect(lines[2]).toMatch(/^"[^"]*", account 123456789012, us-east-1, case /);
        expect(lines[3]).toBe('');
      }),
    );
  });
});
