import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnintelligibleEventError } from '../../src/case/errors.ts';
import { parseStandaloneEvent } from '../../src/functions/standalone-event.ts';
import { instanceId, region } from '../case/sample-before.ts';
import { caseWith, manualTrigger } from '../case/sample-report.ts';
import { spoiled } from '../case/spoiled.ts';

describe('a step alone', () => {
  it('needs nothing but the instance, and works in its own Region', () => {
    expect(parseStandaloneEvent({ instanceId }, region)).toEqual({ instanceId, region, case: {} });
  });

  it('takes the input of the state machine, everything in it', () => {
    const { instanceId: _id, ...rest } = caseWith({ dryRun: true });
    expect(parseStandaloneEvent(caseWith({ dryRun: true }), region)).toEqual({
      instanceId,
      region,
      case: rest,
    });
  });

  it('takes any part of it', () => {
    const input = { instanceId, dryRun: true, trigger: manualTrigger };
    expect(parseStandaloneEvent(input, region).case).toEqual({
      dryRun: true,
      trigger: manualTrigger,
    });
  });

  it('takes the profile that was asked for', () => {
    const input = caseWith({ isolationProfile: 'egress-lockdown' });
    expect(parseStandaloneEvent(input, region).case?.isolationProfile).toBe('egress-lockdown');
    expect(parseStandaloneEvent({ instanceId }, region).case).not.toHaveProperty(
      'isolationProfile',
    );
  });

  it.each([
    { dryRun: 'true' },
    { dryRun: 1 },
    { instanceId: 'web-1' },
    { trigger: {} },
    { isolationProfile: 'none' },
  ])('is refused with %j, and the sentence says what is accepted', (changes) => {
    const event = { instanceId, ...changes };
    expect(() => parseStandaloneEvent(event, region)).toThrow(UnintelligibleEventError);
    expect(() => parseStandaloneEvent(event, region)).toThrow(/Accepted is {"instanceId"/);
  });

  it.each(['dryrun', 'DryRun', 'dry_run'])(
    'is refused with the key "%s": a misspelt dry run must not contain a server',
    (key) => {
      expect(() => parseStandaloneEvent({ instanceId, [key]: true }, region)).toThrow(
        UnintelligibleEventError,
      );
    },
  );

  it('never throws anything but UnintelligibleEventError', () => {
    const parse = (event: unknown) => {
      try {
        expect(parseStandaloneEvent(event, region).instanceId).toBe(instanceId);
      } catch (error) {
        expect(error).toBeInstanceOf(UnintelligibleEventError);
      }
    };
    fc.assert(fc.property(fc.jsonValue(), parse));
    for (const { event } of spoiled(caseWith())) parse(event);
  });
});
