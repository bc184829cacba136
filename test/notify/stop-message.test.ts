import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stopFrom } from '../../src/case/stop-switch.ts';
import { stopMessage } from '../../src/notify/stop-message.ts';
import { anyText } from '../case/any-text.ts';
import { generated } from '../case/generated.ts';

const now = new Date('2026-11-25T17:43:00.000Z');
const place = { stackName: 'cordon', region: 'eu-central-1' };
const stop = stopFrom(now, 4, { who: 'sam', reason: 'false alarms' });

const partsOf = (message: { Message: string }) => JSON.parse(message.Message);

describe('What people are told of the switch', () => {
  // fault D6
  it('says first that nothing is contained, until when, and how to start again', () => {
    const message = stopMessage({ kind: 'stopped', stop }, place);
    expect(message.Subject).toBe('[Cordon] STOPPED: nothing is contained automatically');
    const { email, sms, sqs } = partsOf(message);
    const lines = email.split('\n');
    expect(lines[0]).toBe('STOPPED: nothing is contained automatically until 2026-11-25T21:43Z.');
    expect(lines[1]).toContain('cordon start --stack cordon --region eu-central-1');
    expect(email).toContain('why: "false alarms"');
    expect(sms.length).toBeLessThanOrEqual(140);
    expect(JSON.parse(sqs)).toEqual({
      status: 'stopped',
      stack: 'cordon',
      region: 'eu-central-1',
      until: '2026-11-25T21:43:00.000Z',
      requestedBy: '"sam"',
      reason: '"false alarms"',
    });
  });

  it('says that it stands still, and that it has ended', () => {
    const still = stopMessage({ kind: 'still-stopped', stop }, place);
    expect(still.Subject).toMatch(/^\[Cordon\] STILL STOPPED: /);
    const ended = stopMessage({ kind: 'started', who: 'sam', reason: 'over' }, place);
    expect(ended.Subject).toMatch(/^\[Cordon\] STARTED: /);
    expect(JSON.parse(partsOf(ended).sqs)).not.toHaveProperty('until');
  });

  it('keeps whatever somebody wrote into the switch on its own line, quoted', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (who, reason) => {
        const usual = partsOf(stopMessage({ kind: 'stopped', stop }, place)).email.split('\n');
        const message = stopMessage({ kind: 'stopped', stop: { ...stop, who, reason } }, place);
        const { email } = partsOf(message);
        expect(email.split('\n')).toHaveLength(usual.length);
        expect(email.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
        expect(message.Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      }),
      { numRuns: generated(1_000) },
    );
  });
});
