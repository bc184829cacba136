import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/record/journal/entry.ts';
import type { CloudEvent } from '../../src/retelling/cloud-event.ts';
import { earlierAttempts } from '../../src/retelling/earlier-attempts.ts';

const entry = (more: Partial<JournalEntry> = {}): JournalEntry => ({
  ...{ id: '1', kind: 'call', call: 'ec2:CreateTags', requestId: 'last', attempts: 2 },
  ...{ at: '2026-03-01T03:01:00Z', until: '2026-03-01T03:01:20Z' },
  ...{ actor: 'TagFunction', program: 'TagFunction', ...more },
});

const event = (requestId: string, more: Partial<CloudEvent> = {}): CloudEvent => ({
  ...{ requestId, name: 'CreateTags', at: '2026-03-01T03:01:05Z', who: 'arn:tag' },
  ...{ from: '198.51.100.7', userAgent: 'cordon-x', ...more },
});

const found = (one: JournalEntry, ...events: readonly CloudEvent[]): readonly string[] =>
  [...earlierAttempts([one], events, ({ userAgent }) => userAgent === 'cordon-x')].map(
    ({ requestId }) => requestId,
  );

describe('The earlier attempts of a call', () => {
  it('are as many as the record says, beside the last one', () => {
    const three = [event('a'), event('b'), event('last')];
    expect(found(entry(), ...three)).toEqual(['a']);
    expect(found(entry({ attempts: 3 }), ...three)).toEqual(['a', 'b']);
    expect(found(entry({ attempts: 1 }), ...three)).toEqual([]);
  });

  it('are by who made the last one, with the same program, in the time of the call', () => {
    const last = event('last');
    expect(found(entry(), last, event('a', { who: 'arn:eve' }))).toEqual([]);
    expect(found(entry(), last, event('a', { userAgent: 'a-script' }))).toEqual([]);
    expect(found(entry(), last, event('a', { name: 'DeleteTags' }))).toEqual([]);
    expect(found(entry(), last, event('a', { at: '2026-03-01T03:02:05Z' }))).toEqual([]);
  });

  it('are all of them where the last one has no request id', () => {
    const { requestId: _, ...unanswered } = entry();
    expect(found(unanswered, event('a'), event('b'), event('c'))).toEqual(['a', 'b']);
    expect(found(unanswered, event('a', { userAgent: 'a-script' }))).toEqual([]);
    expect(found({ ...unanswered, kind: 'change' }, event('a'))).toEqual([]);
    const { attempts: __, ...unsent } = unanswered;
    expect(found(unsent, event('a'))).toEqual([]);
  });
});
