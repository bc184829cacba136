import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnintelligibleEventError } from '../../src/case/errors.ts';
import { parseDriftEvent } from '../../src/watch/event.ts';
import { anyText } from '../case/any-text.ts';
import { instanceId } from '../case/sample-before.ts';
import { spoiled } from '../case/spoiled.ts';

const stateChange = {
  version: '0',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  time: '2026-11-20T03:10:00Z',
  detail: { 'instance-id': instanceId, state: 'stopped' },
};

const recorded = (detail: object = {}) => ({
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.ec2',
  time: '2026-11-20T03:10:05Z',
  detail: {
    eventVersion: '1.11',
    eventName: 'ModifyNetworkInterfaceAttribute',
    eventTime: '2026-11-20T03:10:00Z',
    eventID: 'b1c2',
    sourceIPAddress: '198.51.100.7',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::123456789012:assumed-role/web/i-1',
    },
    requestParameters: { networkInterfaceId: 'eni-0a1b2c3d4e5f60718' },
    responseElements: { _return: true },
    ...detail,
  },
});

/** Who made the call, as the message will say it. */
const byIn = (detail: object): string => {
  const event = parseDriftEvent(recorded(detail));
  if (event.kind !== 'call') throw new Error('a call was recorded');
  return event.call.by;
};

describe('what the drift function is started for', () => {
  it('is told from the event', () => {
    expect(parseDriftEvent({ drift: 'check' })).toEqual({ kind: 'check' });
    expect(parseDriftEvent({ drift: 'transition' })).toEqual({ kind: 'transition' });
    expect(parseDriftEvent(stateChange)).toEqual({
      kind: 'state',
      instanceId,
      state: 'stopped',
      at: '2026-11-20T03:10:00.000Z',
    });
    expect(parseDriftEvent(recorded())).toEqual({
      kind: 'call',
      call: {
        name: 'ModifyNetworkInterfaceAttribute',
        at: '2026-11-20T03:10:00.000Z',
        by: 'arn:aws:sts::123456789012:assumed-role/web/i-1',
        from: '198.51.100.7',
        eventId: 'b1c2',
        ofTheTrail: false,
        text: '[{"networkInterfaceId":"eni-0a1b2c3d4e5f60718"},{"_return":true}]',
      },
    });
  });

  it.each([
    ['a user of IAM', { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/mallory' }],
    ['a role', { type: 'AssumedRole', arn: 'arn:aws:sts::123456789012:assumed-role/web/i-1' }],
    ['the root user', { type: 'Root', arn: 'arn:aws:iam::123456789012:root' }],
    ['a role on behalf of a service', { arn: 'arn:aws:sts::1:assumed-role/x/y', invokedBy: 'z' }],
  ])('was done by %s, by its ARN', (_who, userIdentity) => {
    expect(byIn({ userIdentity })).toBe(userIdentity.arn);
  });

  it('was done by a service of AWS, by its name', () => {
    const userIdentity = { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' };
    expect(byIn({ userIdentity })).toBe('autoscaling.amazonaws.com');
  });

  it('was done by somebody where CloudTrail names nobody', () => {
    expect(byIn({ userIdentity: { type: 'Unknown' } })).toBe('somebody unnamed');
    expect(byIn({ userIdentity: undefined })).toBe('somebody unnamed');
  });

  it('is understood where CloudTrail has nothing in a field, as often in request and answer', () => {
    const event = parseDriftEvent(recorded({ requestParameters: null, responseElements: null }));
    expect(event).toMatchObject({ kind: 'call', call: { text: '[null,null]' } });
  });

  it('touched nothing when AWS refused it', () => {
    const event = parseDriftEvent(recorded({ errorCode: 'Client.UnauthorizedOperation' }));
    expect(event).toMatchObject({ kind: 'call', call: { text: '' } });
  });
});

describe('an event of any other form', () => {
  it.each([
    [{ drift: 'everything' }],
    [{}],
    [null],
    [undefined],
    ['check'],
    [[{ drift: 'check' }]],
    [{ ...stateChange, detail: { 'instance-id': 'i-1; rm', state: 'stopped' } }],
    [{ ...stateChange, detail: undefined }],
    [recorded({ eventName: 17 })],
    [{ 'detail-type': 'GuardDuty Finding', detail: {} }],
  ])('is refused, and it is said what is accepted: %j', (event) => {
    expect(() => parseDriftEvent(event)).toThrow(UnintelligibleEventError);
    expect(() => parseDriftEvent(event)).toThrow(/Accepted is \{"drift": "check"\}/);
  });

  const understandsOrRefuses = (event: unknown) => {
    try {
      expect(['check', 'transition', 'call', 'state']).toContain(parseDriftEvent(event).kind);
    } catch (error) {
      expect(error).toBeInstanceOf(UnintelligibleEventError);
    }
  };

  it('is understood or refused, whatever in it is missing or of another kind', () => {
    for (const whole of [stateChange, recorded(), { drift: 'check' }]) {
      for (const { event } of spoiled(whole)) understandsOrRefuses(event);
    }
  });

  it('is understood or refused, whatever it is', () => {
    const detail = fc.record(
      {
        eventName: anyText(),
        eventTime: anyText(),
        userIdentity: fc.oneof(fc.jsonValue(), fc.record({ arn: anyText() })),
        requestParameters: fc.jsonValue(),
        state: anyText(),
        'instance-id': fc.oneof(anyText(), fc.constant(instanceId)),
      },
      { requiredKeys: [] },
    );
    const kinds = fc.constantFrom(stateChange['detail-type'], recorded()['detail-type'], 'other');
    const almost = fc.record({ 'detail-type': kinds, time: anyText(), detail });
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), almost), understandsOrRefuses));
  });
});
