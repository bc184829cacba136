import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnintelligibleEventError } from '../../src/case/errors.ts';
import { rejectionMessage } from '../../src/notify/rejection.ts';
import { parseEvent } from '../../src/triggers/parse-event.ts';
import { instanceId } from '../case/sample-before.ts';
import { spoiled } from '../case/spoiled.ts';
import { attackSequenceOf, findingWith } from './guardduty/sample-finding.ts';

const now = new Date('2026-11-20T03:00:00.000Z');

/** Parses what may be no event at all; anything thrown but the one error fails the test. */
const parsedOrRejected = (event: unknown): string => {
  try {
    parseEvent(event, now);
    return 'understood';
  } catch (error) {
    if (error instanceof UnintelligibleEventError) return error.message;
    throw error;
  }
};

describe('an event', () => {
  it('is a finding, a request through EventBridge, or a request by hand', () => {
    expect(parseEvent(findingWith(), now)[0]?.trigger.source).toBe('guardduty');
    const request = { source: 'cordon.manual', detail: { instanceId } };
    expect(parseEvent(request, now)[0]?.trigger.source).toBe('manual');
    expect(parseEvent({ instanceId }, now)[0]?.trigger.source).toBe('manual');
  });

  it.each([null, [], 'i-0c0d0e0f0a0b0c0d1', 17, true, undefined])(
    'is an object, not %j, and the sentence says what is accepted',
    (event) => {
      expect(parsedOrRejected(event)).toMatch(/no JSON object.*Accepted are/);
    },
  );

  it('is named where Cordon does not know it', () => {
    const event = { source: 'aws.ec2', 'detail-type': 'EC2 Instance State-change Notification' };
    expect(parsedOrRejected(event)).toContain(
      '"aws.ec2", "EC2 Instance State-change Notification"',
    );
  });

  it('is rejected, not crashed on, where its source is no text at all', () => {
    for (const text of [
      '{"source": {"toString": 1}, "detail-type": null}',
      '{"source": "x", "detail-type": {"toString": null, "valueOf": {}}}',
      '{"source": [[{"toString": 1}]]}',
    ]) {
      expect(parsedOrRejected(JSON.parse(text))).toMatch(/does not know this event/);
    }
  });
});

describe('whatever arrives', () => {
  // threat D3
  it('is understood or rejected in a sentence, never anything else', () => {
    const envelope = fc.record(
      {
        source: fc.oneof(fc.constantFrom('aws.guardduty', 'cordon.manual'), fc.jsonValue()),
        'detail-type': fc.oneof(fc.constant('GuardDuty Finding'), fc.jsonValue()),
        detail: fc.jsonValue(),
        instanceId: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), envelope), (event) => {
        expect(parsedOrRejected(event)).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });

  it('is so too when it is a finding or a request with any one thing wrong or missing', () => {
    const sequence = attackSequenceOf([{ uid: instanceId, resourceType: 'EC2_INSTANCE' }]);
    const request = { source: 'cordon.manual', id: '1', detail: { instanceId, dryRun: true } };
    for (const { event } of [findingWith(), sequence, request].flatMap(spoiled)) {
      expect(parsedOrRejected(event)).not.toBe('');
    }
  });

  // threat D3
  it('can be told of in one message of SNS, however long the event is', () => {
    for (const event of [
      { instanceId, ['k'.repeat(60_000)]: 1 },
      { source: 's'.repeat(200_000), 'detail-type': 't'.repeat(50_000) },
      findingWith({ detail: { id: 'f'.repeat(100_000) }, instance: { instanceId: 'web' } }),
    ]) {
      const { Message, Subject } = rejectionMessage(parsedOrRejected(event), event);
      expect(Buffer.byteLength(Message, 'utf8')).toBeLessThanOrEqual(262_144);
      expect(Subject.length).toBeLessThan(100);
    }
  });
});
