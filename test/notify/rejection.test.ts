import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rejectionMessage } from '../../src/notify/rejection.ts';

const sentence = 'Cordon does not know this event (aws.ec2, no detail-type).';

const bodyOf = (event: unknown): Record<string, string> =>
  JSON.parse(rejectionMessage(sentence, event).Message);

describe('the message about an event that was not understood', () => {
  it('says so in a subject that SNS takes', () => {
    const { Subject, MessageStructure } = rejectionMessage(sentence, {});
    expect(Subject).toMatch(/^\[Cordon\] REJECTED[\x20-\x7e]{0,80}$/);
    expect(MessageStructure).toBe('json');
  });

  it('says why, shows the event, says where it waits and that nothing was contained', () => {
    const { email } = bodyOf({ source: 'aws.ec2' });
    expect(email).toContain(sentence);
    expect(email).toContain(`"{'source':'aws.ec2'}"`);
    expect(email).toContain('dead-letter queue');
    expect(email).toContain('Nothing was contained');
  });

  it('gives programs the reason as JSON', () => {
    const body = bodyOf({});
    for (const program of ['sqs', 'lambda', 'http', 'https']) {
      expect(JSON.parse(body[program] ?? '')).toEqual({ status: 'rejected', reason: sentence });
    }
    expect(body.sms?.length).toBeLessThanOrEqual(140);
  });

  it('is one that SNS takes, whatever the event', () => {
    const events = fc.oneof(
      fc.jsonValue(),
      fc.constant(undefined),
      fc.constantFrom('"', '\\', '😀', '\u0001').map((unit) => ({ text: unit.repeat(100_000) })),
    );
    fc.assert(
      fc.property(events, (event) => {
        const { Message } = rejectionMessage(sentence, event);
        expect(Buffer.byteLength(Message, 'utf8')).toBeLessThanOrEqual(262_144);
        const body: Record<string, string> = JSON.parse(Message);
        expect(body.email?.isWellFormed()).toBe(true);
      }),
    );
  });
});
