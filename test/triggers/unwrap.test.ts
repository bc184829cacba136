import { describe, expect, it } from 'vitest';
import { UnintelligibleEventError } from '../../src/case/errors.ts';
import { parseEvent } from '../../src/triggers/parse-event.ts';
import { accountId, instanceId, region } from '../case/sample-before.ts';
import { findingWith } from './guardduty/sample-finding.ts';
import { onlyRequest } from './only-request.ts';

const now = new Date('2026-11-20T03:00:00.000Z');

const pascal = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(pascal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key.charAt(0).toUpperCase() + key.slice(1),
      pascal(one),
    ]),
  );
};

const event = findingWith();
const text = JSON.stringify(event);
const notification = { Type: 'Notification', MessageId: 'm', Message: text };

describe('a finding that somebody handed on', () => {
  // fault S6
  it.each([
    ['as a Lambda gets it from SNS', { Records: [{ EventSource: 'aws:sns', Sns: notification }] }],
    ['as a Lambda gets it from SQS', { Records: [{ eventSource: 'aws:sqs', body: text }] }],
    [
      'as a Lambda gets it from a queue that listens to a topic',
      { Records: [{ eventSource: 'aws:sqs', body: JSON.stringify(notification) }] },
    ],
    ['as SNS posts it', notification],
    ['as GetFindings answers it', { Findings: [pascal(event.detail)] }],
    ['alone, with the names of the API', pascal(event.detail)],
    ['alone, as exports write it', event.detail],
    ['with the names of the API in the envelope', { ...event, detail: pascal(event.detail) }],
  ])('is read: %s', (_, wrapped) => {
    const request = onlyRequest(wrapped, now);
    expect(request.trigger.type).toBe('Backdoor:EC2/C&CActivity.B');
    expect(request.instances).toEqual([{ instanceId, accountId, region, tags: { Name: 'web-1' } }]);
  });

  // fault S6
  it.each([['a text that is no JSON', { ...notification, Message: 'hello' }, /no JSON/]])(
    'is refused with its cause: %s',
    (_, wrapped, words) => {
      expect(() => parseEvent(wrapped, now)).toThrow(UnintelligibleEventError);
      expect(() => parseEvent(wrapped, now)).toThrow(words);
    },
  );

  it.each([
    ['two findings', { Findings: [pascal(event.detail), pascal(event.detail)] }],
    ['two records', { Records: [{ body: text }, { body: text }] }],
  ])('is read with the others beside it: %s', (_, wrapped) => {
    expect(parseEvent(wrapped, now).map(({ trigger: { source } }) => source)).toEqual([
      'guardduty',
      'guardduty',
    ]);
  });

  it('costs the others nothing where one of several cannot be read, and that one is told', () => {
    const [first, second] = parseEvent(
      { Findings: [pascal(event.detail), { Severity: 8, Service: 7 }] },
      now,
    );
    expect(first?.instances).toHaveLength(1);
    expect(second).toMatchObject({
      instances: [],
      unread: { why: expect.stringContaining('cannot be read') },
    });
  });

  it('is not looked for without end', () => {
    let nested: unknown = event;
    for (let depth = 0; depth < 50; depth += 1) {
      nested = { Type: 'Notification', Message: JSON.stringify(nested) };
      if (JSON.stringify(nested).length > 100_000) break;
    }
    expect(() => parseEvent(nested, now)).toThrow(UnintelligibleEventError);
  });
});
