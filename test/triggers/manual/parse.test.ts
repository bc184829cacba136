import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAskedByPerson } from '../../../src/case/case.ts';
import { UnintelligibleEventError } from '../../../src/case/errors.ts';
import { parseManualEvent, parseManualRequest } from '../../../src/triggers/manual/parse.ts';
import { accountId, instanceId, region } from '../../case/sample-before.ts';

const now = new Date('2026-11-20T03:00:00.000Z');

const eventWith = (detail: unknown, envelope: object = {}) => ({
  version: '0',
  id: '6f0c2d4e-8a1b-4c3d-9e5f-7a6b8c9d0e1f',
  'detail-type': 'Containment Request',
  source: 'cordon.manual',
  time: '2026-11-20T02:58:00Z',
  detail,
  ...envelope,
});

describe('what a person asks for', () => {
  it('needs nothing but the instance', () => {
    expect(parseManualRequest({ instanceId }, now)).toEqual({
      trigger: {
        source: 'manual',
        id: 'by-hand',
        type: 'manual',
        severity: null,
        at: now.toISOString(),
      },
      subject: { source: 'manual', type: 'manual', severity: null, sample: false, archived: false },
      instances: [{ instanceId, tags: {} }],
      dryRun: false,
    });
  });

  it('may say who asks and why, where, and that it is a rehearsal', () => {
    const request = {
      instanceId,
      region,
      accountId,
      reason: 'Why',
      requestedBy: 'Me',
      dryRun: true,
    };
    expect(parseManualRequest(request, now)).toMatchObject({
      trigger: { reason: 'Why', requestedBy: 'Me' },
      instances: [{ instanceId, region, accountId }],
      dryRun: true,
    });
  });

  it.each(['full', 'forensic', 'egress-lockdown'])(
    'may be a profile of its own for this case: %s',
    (isolationProfile) => {
      const request = parseManualRequest({ instanceId, isolationProfile }, now);
      expect(request.isolationProfile).toBe(isolationProfile);
    },
  );

  it('leaves the profile to the setting when it names none', () => {
    expect(parseManualRequest({ instanceId }, now)).not.toHaveProperty('isolationProfile');
  });

  it.each(['lockdown', 'Full', '', null, true])(
    'is refused with the profile %j: whoever mistypes it must not cut off what has to serve',
    (isolationProfile) => {
      expect(() => parseManualRequest({ instanceId, isolationProfile }, now)).toThrow(
        UnintelligibleEventError,
      );
      expect(() => parseManualRequest({ instanceId, isolationProfile }, now)).toThrow(
        /isolationProfile/,
      );
    },
  );

  it.each(['isolationprofile', 'profile', 'IsolationProfile', 'isolation_profile'])(
    'is refused with the key "%s", which would be taken for no profile at all',
    (key) => {
      expect(() => parseManualRequest({ instanceId, [key]: 'egress-lockdown' }, now)).toThrow(key);
    },
  );

  it.each(['dryrun', 'DryRun', 'dry_run', 'dry-run'])(
    'is refused with the key "%s": a misspelt dry run must not contain a server',
    (key) => {
      expect(() => parseManualRequest({ instanceId, [key]: true }, now)).toThrow(
        UnintelligibleEventError,
      );
      expect(() => parseManualRequest({ instanceId, [key]: true }, now)).toThrow(key);
    },
  );

  it.each(['true', 1, null])('is refused with dryRun %j', (dryRun) => {
    expect(() => parseManualRequest({ instanceId, dryRun }, now)).toThrow(/dryRun/);
  });

  it('is refused with a malformed id, account or Region, and the sentence says what is accepted', () => {
    for (const request of [
      { instanceId: 'web-1' },
      { instanceId, accountId: 123456789012 },
      { instanceId, region: 'Frankfurt' },
    ]) {
      expect(() => parseManualRequest(request, now)).toThrow(/Accepted is {"instanceId"/);
    }
  });

  it('never throws anything but UnintelligibleEventError', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, enveloped) => {
        try {
          const request = enveloped
            ? parseManualEvent(eventWith(value), now)
            : parseManualRequest(value, now);
          expect(request.trigger.source).toBe('manual');
        } catch (error) {
          expect(error).toBeInstanceOf(UnintelligibleEventError);
        }
      }),
    );
  });
});

describe('the same through EventBridge', () => {
  it('is remembered by the id and the time of the event', () => {
    expect(parseManualEvent(eventWith({ instanceId, dryRun: true }), now)).toMatchObject({
      trigger: {
        source: 'manual',
        id: '6f0c2d4e-8a1b-4c3d-9e5f-7a6b8c9d0e1f',
        at: '2026-11-20T02:58:00.000Z',
      },
      instances: [{ instanceId }],
      dryRun: true,
    });
  });

  it('may name a profile as well', () => {
    const detail = { instanceId, isolationProfile: 'egress-lockdown' };
    expect(parseManualEvent(eventWith(detail), now).isolationProfile).toBe('egress-lockdown');
    const mistyped = { instanceId, isolationProfile: 'lockdown' };
    expect(() => parseManualEvent(eventWith(mistyped), now)).toThrow(/isolationProfile/);
  });

  it('works without id and time, as somebody types it', () => {
    const typed = { source: 'cordon.manual', detail: { instanceId } };
    expect(parseManualEvent(typed, now).trigger).toMatchObject({
      id: 'cordon.manual',
      at: now.toISOString(),
    });
  });

  // fault A6
  it('never passes for the request of a person, whatever it calls itself', () => {
    const forged = { source: 'cordon.manual', id: 'by-hand', detail: { instanceId } };
    expect(isAskedByPerson(parseManualEvent(forged, now).trigger)).toBe(false);
    expect(isAskedByPerson(parseManualRequest({ instanceId }, now).trigger)).toBe(true);
  });

  it('is refused without detail, and with a misspelt key in it', () => {
    expect(() => parseManualEvent(eventWith(undefined), now)).toThrow(/detail/);
    expect(() => parseManualEvent(eventWith({ instanceId, dryrun: true }), now)).toThrow(/dryrun/);
  });
});
